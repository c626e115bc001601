import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { principalOf } from '../../tasks/shared/errors/principal';

/** A command line that users are advised to run. */
interface UserCommand {
  /** The file that says it. */
  readonly where: string;
  /** For a shell, with samples in the places that users fill in. */
  readonly line: string;
}

const application = '55555555-5555-4555-8555-555555555555';
const subscription = '/subscriptions/22222222-2222-4222-8222-222222222222';
const vaultId = `${subscription}/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/contoso-kv`;
const subnet = `${subscription}/resourceGroups/net/providers/Microsoft.Network/virtualNetworks/agents/subnets/build`;
const perimeterProfile = `${subscription}/resourceGroups/network/providers/Microsoft.Network/networkSecurityPerimeters/contoso-perimeter/profiles/shop`;
const refused = principalOf('oid=66666666-6666-4666-8666-666666666666');

/** What users write for the placeholders in angle brackets. */
const samples: Readonly<Record<string, string>> = {
  address: '20.50.1.10',
  'address range': '20.50.1.0/28',
  'agent address': '20.50.1.10',
  'application id': application,
  date: '2027-01-31',
  group: 'shop',
  machine: 'agent-1',
  name: 'api-key',
  'resource id': vaultId,
  'resource id of the action group': `${subscription}/resourceGroups/shop/providers/microsoft.insights/actionGroups/security`,
  'resource id of the identity': `${vaultId}-identity`,
  'resource id of the profile': perimeterProfile,
  'resource id of the vault': vaultId,
  'resource id of the workspace': `${subscription}/resourceGroups/shop/providers/Microsoft.OperationalInsights/workspaces/audit`,
  'subnet id': subnet,
  'subscription id': '22222222-2222-4222-8222-222222222222',
  tenant: '11111111-1111-4111-8111-111111111111',
  vault: 'contoso-kv',
  'vault id': vaultId,
  'your address': '20.1.2.4',
};

/** What the tasks fill in, by how the expression in their source begins. */
const expressions: readonly (readonly [RegExp, string])[] = [
  [/^assignee$/, refused.assignee],
  [/^perimeterApiVersion$/, '2025-05-01'],
  [/^ruleId$/, `${perimeterProfile}/accessRules/akv-1-abcdef`],
  [/^scope$/, vaultId],
  [/^vault\b/, 'contoso-kv'],
  [/^name\b/, 'api-key'],
  [/^address\b/, '20.50.1.10'],
  [/^changes\b/, '--public-network-access Enabled --default-action Deny'],
  [/^cliOptions\b/, '--name contoso-kv --resource-group shop --subscription 22222222-2222-4222-8222-222222222222'],
  [/^clientId === undefined/, ' --identities <resource id of the identity>'],
  [/^principalOf\(.*\)\.assignee$/, refused.assignee],
  [/^principalOf\(.*\)\.policyOption$/, refused.policyOption],
  [/^resourceId\b/, vaultId],
  [/^rule\b/, '20.50.1.10/32'],
  [/^subnet\b/, subnet],
  [/^subscription\b/, '22222222-2222-4222-8222-222222222222'],
  [/^where\b/, '--name contoso-kv --resource-group shop --subscription 22222222-2222-4222-8222-222222222222'],
];

/**
 * The `az` commands in the Markdown pages of a folder: in code blocks and in the text. The page about these tests names
 * commands only to say that they are tested.
 */
export function documentedCommands(folder: string): readonly UserCommand[] {
  const pages = readdirSync(folder).filter((name) => name.endsWith('.md') && name !== 'conformance.md');
  return unique(
    pages.flatMap((name) =>
      commandsOfPage(readFileSync(join(folder, name), 'utf8')).map((line) => ({ where: join(folder, name), line })),
    ),
  );
}

/** The `az` commands in the texts of a folder's TypeScript. */
export function diagnosedCommands(folder: string): readonly UserCommand[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => name.endsWith('.ts') && !/(^|\W)(dist|node_modules)\W/.test(name));
  return unique(
    sources.flatMap((name) =>
      textsOf(join(folder, name))
        .flatMap(commandsOfProse)
        .map((line) => ({ where: join(folder, name), line })),
    ),
  );
}

function commandsOfPage(page: string): readonly string[] {
  const blocks = [...page.matchAll(/^ *```(\w*)\n(.*?)^ *```/gms)];
  const typed = blocks
    .filter(([, language]) => language !== 'yaml')
    .flatMap(([, language, text = '']) =>
      text.split('\n').flatMap(language === 'bash' ? lineOfShell : commandsOfProse),
    );
  const text = page.replace(/^ *```.*?^ *```/gms, '');
  const mentioned = [...text.matchAll(/`((?:az|[a-z]+=\$\(az) [^`]+)`/g)].map(([, line = '']) => fillIn(line));
  return [...typed, ...mentioned];
}

function lineOfShell(line: string): readonly string[] {
  return /^(az |\w+=\$\(az |echo .*\$\(az )/.test(line.trim()) ? [fillIn(line.trim())] : [];
}

/** A command ends with its sentence; one that ends with an ellipsis is not a command. */
function commandsOfProse(text: string): readonly string[] {
  const found = text.matchAll(/(?:^|[\s:]|(?<!\$)\()(az [a-z]+ .*?)(?= shows | \(|; |\. |$)/g);
  return [...found]
    .map(([, line = '']) => line)
    .filter((line) => !line.includes('…'))
    .map(fillIn);
}

function fillIn(line: string): string {
  return line.replace(/<([a-z ]+)>/g, (place, name: string) => {
    const sample = samples[name];
    if (sample === undefined) throw new Error(`There is no sample for ${place} in '${line}'.`);
    return sample;
  });
}

/** The string literals of a source file, with samples for what is filled in while it runs. */
function textsOf(file: string): readonly string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.push(node.text);
    else if (ts.isTemplateExpression(node)) texts.push(textOf(node));
    ts.forEachChild(node, visit);
  };
  visit(source);
  return texts.filter((text) => /\baz [a-z]/.test(text));
}

function textOf({ head, templateSpans }: ts.TemplateExpression): string {
  const spans = templateSpans.map(({ expression, literal }) => {
    const code = expression.getText();
    const sample = expressions.find(([pattern]) => pattern.test(code))?.[1];
    return `${sample ?? `<what '${code}' gives>`}${literal.text}`;
  });
  return [head.text, ...spans].join('');
}

/** Each line once, at its first position. */
function unique(commands: readonly UserCommand[]): readonly UserCommand[] {
  return [...new Map([...commands].reverse().map((command) => [command.line, command])).values()].reverse();
}
