import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Metafile } from 'esbuild';

/** A package that has code in the bundles. */
export interface BundledPackage {
  readonly folder: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
}

const licenseFile = /^(licen[cs]e|notice|copying)([.-].*)?$/i;

/** The folder of the package that a bundled file belongs to, or undefined for the project's own files. */
function findPackage(file: string): string | undefined {
  return /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1];
}

/** The packages of which at least one byte is in a bundle, from esbuild's metafile. */
export function listBundledPackages({ outputs }: Metafile, root: string): BundledPackage[] {
  const files = Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
  );
  const folders = new Set(files.map(findPackage).filter((folder) => folder !== undefined));
  return [...folders].map((relative) => {
    const folder = path.resolve(root, relative);
    const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as BundledPackage;
    return { folder, name: manifest.name, version: manifest.version, license: manifest.license };
  });
}

function readLicense(folder: string): string {
  const texts = readdirSync(folder)
    .filter((file) => licenseFile.test(file))
    .sort()
    .map((file) => readFileSync(path.join(folder, file), 'utf8').replaceAll('\r\n', '\n').trim());
  return texts.join('\n\n');
}

/**
 * The text of THIRD-PARTY-NOTICES.txt: name, version and license of every package in the bundles. Throws if a package
 * has no license text, because a person must then check it before it is shipped.
 */
export function composeNotices(metafile: Metafile, root: string): string {
  const packages = listBundledPackages(metafile, root).map((one) => ({ ...one, text: readLicense(one.folder) }));
  const without = packages.filter(({ text }) => text === '').map(({ name, license }) => `${name} (${license})`);
  if (without.length > 0) throw new Error(`No license text in the packages ${without.join(', ')}`);
  const sections = packages
    .map(({ name, version, license, text }) => `${name} ${version}\nLicense: ${license}\n\n${text}`)
    .sort();
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const head = 'The tasks of this extension contain parts of the following open-source packages.';
  return `${[head, ...new Set(sections)].join(rule)}\n`;
}
