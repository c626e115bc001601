import { readFileSync } from 'node:fs';
import { parse, stringify } from 'yaml';

/** A YAML block of a page, and the page's text directly after it. */
export interface Example {
  readonly heading: string;
  readonly yaml: string;
  /** Cells of the table below it: the name of a variable and its value. */
  readonly sets: readonly (readonly [name: string, value: string])[];
  /** The code with which it fails, if it does. */
  readonly failsWith?: string;
  /** Lines that the log shows, in this order. */
  readonly log: readonly string[];
}

/** A row of the table that says what the vaults of the examples hold. */
export interface DocumentedSecret {
  readonly vault: string;
  readonly name: string;
  readonly value: string;
  /** E.g. `disabled`. */
  readonly more: string;
}

/** All YAML blocks of a page, in its order, but for the Syntax block. Each has to say what it sets: a table, or "Sets nothing". */
export function examplesOf(path: string): readonly Example[] {
  const page = readFileSync(path, 'utf8').replace(/^## Syntax\n+```yaml\n[^`]*```\n/m, '');
  const blocks = [...page.matchAll(/^```yaml\n(.*?)^```\n(.*?)(?=^```yaml|^#|(?![\s\S]))/gms)];
  return blocks.map(([, yaml = '', behind = ''], index) => {
    const heading =
      page
        .slice(0, blocks[index]?.index)
        .match(/^#+ .*$/gm)
        ?.at(-1)
        ?.replace(/^#+ /, '') ?? '';
    const failsWith = /^Sets nothing and fails with `([A-Z-]+)`/m.exec(behind)?.[1];
    const sets = tableRows(behind, 'variable').map(([name = '', value = '']) => [unquote(name), value] as const);
    if (sets.length === 0 && !/^Sets nothing/m.test(behind)) {
      throw new Error(`${path}: an example under '${heading}' does not say what it sets:\n${yaml}`);
    }
    const log = /^```text\n(.*?)\n^```/ms.exec(behind)?.[1]?.split('\n') ?? [];
    return { heading, yaml, sets, log, ...(failsWith === undefined ? {} : { failsWith }) };
  });
}

/** The pipeline of an example: its own, or its own steps, or one step with the inputs that it shows. */
export function pipelineOfExample({ yaml }: Example, connection: string): string {
  const pipeline = withSteps(parse(yaml.replaceAll('pwsh: ', 'bash: '), { schema: 'failsafe' }) as object);
  // What a user's pipeline calls of its own is not there, nor is PowerShell.
  return stringify(pipeline, { lineWidth: 0 })
    .replaceAll('my-connection', connection)
    .replaceAll(/\.\/deploy\.(sh|ps1)/g, 'true');
}

function withSteps(shown: object): object {
  if ('steps' in shown) return shown;
  const given = { azureSubscription: 'my-connection', keyVault: 'contoso-kv' };
  const step = (inputs: object) => ({ task: 'KeyVaultSecrets@1', inputs: { ...given, ...inputs } });
  return { steps: Array.isArray(shown) ? shown : [step(shown)] };
}

/** The secrets of the examples' vaults, from the page. */
export function documentedSecrets(path: string): readonly DocumentedSecret[] {
  return tableRows(readFileSync(path, 'utf8'), 'vault').map(([vault = '', name = '', value = '', more = '']) => ({
    vault,
    name: unquote(name),
    value: unquote(value),
    more,
  }));
}

/** Rows of the first Markdown table whose first column has this head. */
function tableRows(text: string, head: string): readonly (readonly string[])[] {
  const table = new RegExp(`^\\| ${head} *\\|.*\\n\\|[-| ]+\\n((?:\\|.*\\n?)+)`, 'm').exec(text)?.[1] ?? '';
  return table
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.replace(/^\|\s*|\s*\|$/g, '').split(/\s*\|\s*/));
}

function unquote(cell: string): string {
  return /^`(.*)`$/.exec(cell)?.[1] ?? cell;
}
