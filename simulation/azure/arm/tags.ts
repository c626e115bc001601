/** A resource's tags (Microsoft Learn, "Use tags to organize your Azure resources", limitations). */
import { refuse } from '../http/exchange';

const maximumTags = 50;
const maximumTagName = 512;
const maximumTagValue = 256;

/** The tags of a write. @throws Refused 400 for tags that ARM does not accept. */
export function acceptTags(tags: unknown): Readonly<Record<string, string>> {
  if (typeof tags !== 'object' || tags === null || Array.isArray(tags)) {
    throw refuse(400, 'InvalidRequestContent', `The tags have to be an object, not ${JSON.stringify(tags)}.`);
  }
  const entries = Object.entries(tags as Readonly<Record<string, unknown>>);
  if (entries.length > maximumTags) {
    throw refuse(400, 'TooManyTags', `The resource has ${entries.length} tags, the maximum is ${maximumTags}.`);
  }
  for (const [name, value] of entries) acceptTag(name, value);
  return Object.fromEntries(entries) as Record<string, string>;
}

function acceptTag(name: string, value: unknown): void {
  if (typeof value !== 'string')
    throw refuse(400, 'InvalidRequestContent', `The value of tag '${name}' is not a string.`);
  if (/^(microsoft|azure|windows)/i.test(name)) {
    throw refuse(400, 'ReservedTagName', `The tag name '${name}' begins with a reserved prefix.`);
  }
  if (name.length > maximumTagName || /[<>%&\\?/]/.test(name)) {
    throw refuse(400, 'InvalidTagNameCharacters', `The tag names '${name}' have reserved characters or are too long.`);
  }
  if (value.length > maximumTagValue) {
    const limit = `Maximum allowed length for tag value - '${maximumTagValue}' characters.`;
    throw refuse(
      400,
      'TagValueTooLarge',
      `Tag value too large. Following tag value '${value}' exceeded the maximum length. ${limit}`,
    );
  }
}
