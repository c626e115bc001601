import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Metafile } from 'esbuild';
import { listBundledPackages, type BundledPackage } from './licenses';

interface Component {
  readonly 'bom-ref': string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
}

/** A CycloneDX document, with the members that are read here. */
export interface BillOfMaterials {
  readonly serialNumber?: string | undefined;
  readonly metadata: { readonly timestamp?: string | undefined; readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** npm's own CycloneDX document of all installed packages. */
async function describeInstalled(root: string): Promise<BillOfMaterials> {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
  const npm = process.env.npm_execpath;
  // Inside `npm run`, the path of npm is known. Otherwise, npm is a batch file on Windows, which needs a shell.
  const [program, front] = npm === undefined ? ['npm', []] : [process.execPath, [npm]];
  const options = { cwd: root, maxBuffer: 2 ** 26, shell: npm === undefined && process.platform === 'win32' };
  const { stdout } = await promisify(execFile)(program, [...front, ...args], options);
  return JSON.parse(stdout) as BillOfMaterials;
}

/**
 * Keeps of a CycloneDX document the packages in `bundled` and what they depend on among themselves, and calls the
 * application `title`, because npm calls it after its folder. The serial number and the time go: the same sources have
 * to give the same bytes. Throws when one of the packages is not in the document.
 */
export function keepBundled(
  document: BillOfMaterials,
  bundled: readonly Pick<BundledPackage, 'name' | 'version'>[],
  title: string,
): BillOfMaterials {
  const wanted = new Set(bundled.map(({ name, version }) => `${name}@${version}`));
  const nameOf = ({ group, name, version }: Component) => `${group === undefined ? '' : `${group}/`}${name}@${version}`;
  const components = document.components.filter((component) => wanted.has(nameOf(component)));
  const found = new Set(components.map(nameOf));
  const absent = [...wanted].filter((name) => !found.has(name));
  if (absent.length > 0) throw new Error(`npm's bill of materials lacks ${absent.join(', ')}`);
  const application = document.metadata.component['bom-ref'];
  const refs = new Set([application, ...components.map((component) => component['bom-ref'])]);
  const dependencies = document.dependencies
    .filter(({ ref }) => refs.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((other) => refs.has(other)) }));
  const { component } = document.metadata;
  // Undefined members do not reach the JSON.
  const metadata = { ...document.metadata, timestamp: undefined, component: { ...component, name: title } };
  return { ...document, serialNumber: undefined, metadata, components, dependencies };
}

/** The software bill of materials (CycloneDX JSON) of what esbuild's metafile says is in the bundles, as text. */
export async function composeSbom(metafile: Metafile, root: string, title: string): Promise<string> {
  const document = keepBundled(await describeInstalled(root), listBundledPackages(metafile, root), title);
  return `${JSON.stringify(document, undefined, 2)}\n`;
}
