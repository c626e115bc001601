import type { Files } from '../package/check/contents';
import { placeholder } from '../package/homepage';
import { readVsix } from '../package/vsix';

/** The publisher in vss-extension.json until someone publishes the extension under a publisher of their own. */
const placeholderPublisher = 'pipeline-tasks';

/**
 * What in the files of an extension is still a placeholder. The addresses are reserved, so links lead nowhere; and the
 * name of the publisher may belong to someone else, who must not be taken for ours.
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

/** Throws when this VSIX has a placeholder, because then it must not be published. */
export async function refusePlaceholders(vsix: string): Promise<void> {
  const found = findPlaceholders(await readVsix(vsix));
  if (found.length > 0) throw new Error(`${vsix} must not be published:\n${found.join('\n')}`);
}
