import type { Files } from '../package/check/contents';
import { placeholder } from '../package/homepage';
import { readVsix } from '../package/vsix';

/** The publisher in vss-extension.json until the extension has a real publisher. */
const placeholderPublisher = 'pipeline-tasks';

/**
 * The placeholders in the files of an extension. The addresses are reserved, so links do not work, and the publisher's
 * name can belong to someone else, who must not be mistaken for the authors.
 */
export function findPlaceholders(files: Files): string[] {
  const linking = [...files].filter(([, bytes]) => Buffer.from(bytes).includes(placeholder)).map(([name]) => name);
  const manifest = Buffer.from(files.get('extension.vsixmanifest') ?? []).toString();
  const [, publisher] = /<Identity\b[^>]*\bPublisher="([^"]*)"/.exec(manifest) ?? [];
  return [
    ...(linking.length === 0
      ? []
      : [`'homepage' in package.json is a placeholder; it is linked by ${linking.join(', ')}`]),
    ...(publisher === undefined ? ['extension.vsixmanifest names no publisher'] : []),
    ...(publisher === placeholderPublisher
      ? [`'publisher' in vss-extension.json is the placeholder '${publisher}'`]
      : []),
  ];
}

/** Throws if this VSIX has a placeholder, because it must not be published then. */
export async function refusePlaceholders(vsix: string): Promise<void> {
  const found = findPlaceholders(await readVsix(vsix));
  if (found.length > 0) throw new Error(`${vsix} must not be published:\n${found.join('\n')}`);
}
