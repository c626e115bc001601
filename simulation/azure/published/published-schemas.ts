/** Converts a published OpenAPI 2.0 description into schemas that refuse unknown members. */

export interface Parameter {
  readonly $ref?: string;
  readonly name?: string;
  readonly in?: string;
  readonly required?: boolean;
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface Operation {
  readonly parameters: readonly Parameter[];
  readonly responses: Readonly<Record<string, { readonly schema?: unknown }>>;
}

export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly parameters?: Readonly<Record<string, Parameter>>;
  readonly definitions: Readonly<Record<string, Schema>>;
}

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly additionalProperties?: Schema;
  readonly [keyword: string]: unknown;
}

/**
 * Members that newer versions than the descriptions added, or that the service returns although they are not described.
 */
const laterMembers: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  // Since 2021-06-01-preview and 2020-04-01-preview.
  Vault: { systemData: { type: 'object' } },
  VaultProperties: { publicNetworkAccess: { type: 'string' } },
  VaultPatchProperties: { publicNetworkAccess: { type: 'string' } },
  // Since 2025-07-01.
  SecretBundle: { previousVersion: { type: 'string' } },
  // The last page has a link that is null.
  SecretListResult: { nextLink: { type: ['string', 'null'] } },
};

/** The one definition that others extend with `allOf`: the added members must not be unknown to it. */
const base = 'Attributes';

/** The description with closed object schemas and the members that came later. */
export function tightenDescription(description: Description): Description {
  const definitions = Object.entries(description.definitions).map(([name, schema]) => {
    const later = laterMembers[name];
    const extended = later === undefined ? schema : { ...schema, properties: { ...schema.properties, ...later } };
    return [name, close(extended, name === base)] as const;
  });
  return { ...description, definitions: Object.fromEntries(definitions) };
}

/** Distinguishes keywords that contain schemas from members: a member of an object can be called `properties`. */
function close(schema: Schema, open = false): Schema {
  const { properties, allOf, items, additionalProperties } = schema;
  const closed: Schema = {
    ...schema,
    ...(properties === undefined ? {} : { properties: mapValues(properties, (member) => close(member)) }),
    ...(items === undefined ? {} : { items: close(items) }),
    ...(additionalProperties === undefined ? {} : { additionalProperties: close(additionalProperties) }),
  };
  const describesMembers = properties !== undefined || allOf !== undefined;
  if (!describesMembers || additionalProperties !== undefined) return closed;
  return { type: 'object', ...closed, ...(open ? {} : { unevaluatedProperties: false }) };
}

function mapValues<T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
