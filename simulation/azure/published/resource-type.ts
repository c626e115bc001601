/**
 * Turns a resource type as Azure publishes it for Bicep (Azure/bicep-types-az, `types.json`) into JSON schemas. They are
 * closed: a member that the type does not name is a problem.
 */

interface Reference {
  readonly $ref: string;
}

type PublishedType =
  | {
      readonly $type: 'StringType';
      readonly minLength?: number;
      readonly maxLength?: number;
      readonly pattern?: string;
    }
  | { readonly $type: 'StringLiteralType'; readonly value: string }
  | { readonly $type: 'BooleanType' | 'IntegerType' | 'AnyType' }
  | { readonly $type: 'UnionType'; readonly elements: readonly Reference[] }
  | { readonly $type: 'ArrayType'; readonly itemType: Reference }
  | {
      readonly $type: 'ObjectType';
      readonly name: string;
      readonly properties: Readonly<Record<string, { readonly type: Reference; readonly flags: number }>>;
      readonly additionalProperties?: Reference;
    }
  | { readonly $type: 'ResourceType'; readonly name: string };

type Schema = Readonly<Record<string, unknown>>;

/** The meaning of a member's flags, as bits. */
const flags = { required: 1, readOnly: 2, writeOnly: 4 };

/** Whether a body is a whole resource that ARM returns, or a change that a client sends. */
type BodyKind = 'answer' | 'change';

/**
 * The schema of a resource type.
 *
 * @param types - the elements of the published file.
 * @param name - such as `Microsoft.KeyVault/vaults`.
 */
export function schemaOfResource(types: readonly unknown[], name: string, kind: BodyKind): Schema {
  const known = types as readonly PublishedType[];
  const index = known.findIndex((type) => type.$type === 'ObjectType' && type.name === name);
  if (index < 0) throw new Error(`The published types have no ${name}.`);
  const definitions = known.map((type, place) => [`t${place}`, schemaOf(type, kind)] as const);
  return { $defs: Object.fromEntries(definitions), $ref: `#/$defs/t${index}` };
}

function schemaOf(type: PublishedType, kind: BodyKind): Schema {
  switch (type.$type) {
    case 'StringType': {
      const { minLength = 0, maxLength, pattern } = type;
      return {
        type: 'string',
        minLength,
        ...(maxLength === undefined ? {} : { maxLength }),
        ...(pattern === undefined ? {} : { pattern }),
      };
    }
    case 'StringLiteralType':
      return { const: type.value };
    case 'BooleanType':
      return { type: 'boolean' };
    case 'IntegerType':
      return { type: 'integer' };
    case 'UnionType':
      return { anyOf: type.elements.map(refer) };
    case 'ArrayType':
      return { type: 'array', items: refer(type.itemType) };
    case 'ObjectType': {
      const members = Object.entries(type.properties);
      const excluded = kind === 'answer' ? flags.writeOnly : 0;
      const shown = members.filter(([, member]) => (member.flags & excluded) === 0);
      const needed = flags.required | flags.readOnly;
      const required = kind === 'answer' ? shown.filter((each) => (each[1].flags & needed) === flags.required) : [];
      return {
        type: 'object',
        properties: Object.fromEntries(shown.map(([name, member]) => [name, refer(member.type)])),
        required: required.map(([name]) => name),
        unevaluatedProperties: type.additionalProperties === undefined ? false : refer(type.additionalProperties),
      };
    }
    case 'AnyType':
    case 'ResourceType':
      return {};
  }
}

function refer({ $ref }: Reference): Schema {
  return { $ref: $ref.replace('#/', '#/$defs/t') };
}
