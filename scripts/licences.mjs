import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const licenceFile = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/** The folder of the package that a bundled file belongs to, or undefined for the project's own files. */
function findPackage(file) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
  return match?.[1];
}

/**
 * The packages of which at least one byte is in a bundle, from esbuild's metafile: `folder`, `name`, `version` and
 * `license` of each.
 */
export function listBundledPackages({ outputs }, root) {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.map(findPackage).filter((folder) => folder !== undefined));
  return [...folders].map((relative) => {
    const folder = path.resolve(root, relative);
    const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    return { folder, name, version, license };
  });
}

function readLicence(folder) {
  const texts = readdirSync(folder)
    .filter((file) => licenceFile.test(file))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.join('\n\n');
}

/**
 * The text of THIRD-PARTY-NOTICES.txt: name, version and licence of every package that is in the bundles. Throws when a
 * package carries no licence text, because then it must not be shipped without somebody having looked at it.
 */
export function composeNotices(metafile, root) {
  const packages = listBundledPackages(metafile, root).map((one) => ({ ...one, text: readLicence(one.folder) }));
  const without = packages.filter(({ text }) => text === '').map(({ name, license }) => `${name} (${license})`);
  if (without.length > 0) throw new Error(`No licence text in the packages ${without.join(', ')}`);
  const sections = packages
    .map(({ name, version, license, text }) => `${name} ${version}\nLicence: ${license}\n\n${text}`)
    .sort();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const head = 'The tasks of this extension contain parts of the following open-source packages.';
  return `${[head, ...new Set(sections)].join(rule)}\n`;
}
