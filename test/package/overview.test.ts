import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { readPngSize } from './png-size';
import { readJson, readManifest, root } from '../../scripts/package/definitions';

const overview = readFileSync(path.join(root, 'overview.md'), 'utf8');
const pictures = [...overview.matchAll(/!\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text, file]) => ({
  text: text!,
  file: file!,
}));

/** The first cells of the rows of the page's comparisons. */
function listComparisons(): string[] {
  const sections = overview.split(/^## /m).filter((section) => section.startsWith('Compared with '));
  return sections.flatMap((section) => [...section.matchAll(/^\| ([^|]+[^|\s]) \|/gm)].map(([, cell]) => cell!));
}

/** For each row of the comparisons, a test of what it says about these tasks: file in test/e2e, and a part of the title. */
const evidence: Readonly<Record<string, readonly [file: string, title: string]>> = {
  'Select secrets': ['documentation.test.ts', 'is right about example'],
  'Variable name': ['examples.test.ts', 'private-vault'],
  'Field of a JSON secret': ['examples.test.ts', 'json-settings'],
  'All secrets in one file': ['secrets-file.test.ts', 'as dotenv is read by bash, sh and node --env-file'],
  Certificate: ['examples.test.ts', 'nginx-certificate'],
  'One of ten secrets is missing': ['secrets.test.ts', 'sets nothing if one named secret is missing'],
  'Multi-line secret': ['leaks.test.ts', 'shows no secret in any form in which scripts print it'],
  'Expiration dates': ['support/multi-stage-examples.ts', "'expiry-check'"],
  'Empty secret': ['defects.test.ts', 'an empty secret is an empty variable'],
  'Throttling (429)': ['secrets.test.ts', 'waits during throttling without a Retry-After'],
  'Refused by the firewall': ['secrets.test.ts', 'explains a refusal by the firewall with the address'],
  "Agent's address": ['agent-access.test.ts', "allows the agent's own address during the job"],
  'Waits for the rule to take effect': [
    'agent-access.test.ts',
    'waits until all front ends of the vault apply the rule',
  ],
  'Job fails or is canceled': ['agent-access.test.ts', 'closes the vault after the job was canceled'],
  'Two jobs with the same address': ['agent-access-coordination.test.ts', 'keeps a shared address open until the last'],
  'Address was already allowed': ['agent-access.test.ts', "keeps someone else's rule for the same address"],
  'Agent is destroyed during the job': ['agent-access-coordination.test.ts', 'keeps the rule of a killed job until'],
};

describe('the page in the Marketplace', () => {
  it('claims nothing in its comparisons that no test of these tasks shows', () => {
    assert.deepEqual(listComparisons(), Object.keys(evidence));
    for (const [row, [file, title]] of Object.entries(evidence)) {
      const source = readFileSync(path.join(root, 'test/e2e', file), 'utf8');
      assert.ok(source.includes(title), `'${row}': ${file} has no test '${title}'`);
    }
  });

  it('makes no absolute claim, and says what the reader has to know', () => {
    assert.doesNotMatch(overview, /\b(nothing (leaks|is half done|is left open)|never|always|exactly this|guarantee)/i);
    for (const text of ['not yet verified on Azure', 'not artifacts', '`vaults/write` is a powerful permission']) {
      assert.ok(overview.includes(text), text);
    }
    for (const text of ['for demonstration purposes only', 'It is not a Microsoft product', 'no telemetry']) {
      assert.ok(overview.includes(text), text);
    }
  });

  it('says that the extension has no scopes, and it has none', () => {
    assert.match(overview, /\*\*No Azure DevOps scopes/);
    assert.equal('scopes' in (readJson('vss-extension.json') as object), false);
  });

  it('shows what the tasks do in its first screen: a pipeline of at most ten lines', () => {
    const [, pipeline = ''] = /```yaml\n([^`]+)```/.exec(overview) ?? [];
    assert.ok(pipeline.trim().split('\n').length <= 10);
    assert.ok(overview.indexOf(pipeline) < 400);
  });

  it('has pictures that are 1366 by 768 pixels or larger, say what they show, and are addressable', () => {
    const { files } = readJson('vss-extension.json') as { files: { path: string; addressable?: boolean }[] };
    const addressable = files.filter((file) => file.addressable === true).map((file) => file.path);
    const named = [readManifest().icons.default, ...pictures.map(({ file }) => file)];
    assert.deepEqual(addressable.sort(), named.sort());
    for (const { file, text } of pictures) {
      const { width, height } = readPngSize(file);
      assert.ok(width >= 1366 && height >= 768, `${file} is ${width} by ${height}`);
      assert.ok(text.length > 20, `${file} has no text for those who do not see it`);
    }
  });

  it('links to nothing by a path, because the Marketplace has only this page', () => {
    const links = [...overview.matchAll(/(?<!!)\[[^\]]+\]\(([^)]+)\)/g)].map(([, target]) => target!);
    assert.ok(links.length > 0);
    for (const target of links) assert.match(target, /^https:\/\//);
  });

  it('links to pages of the documentation that exist', () => {
    const base = 'https://pipeline-tasks.example/azure-key-vault/blob/main/';
    const files = [...overview.matchAll(/\]\((https:[^)#]+)/g)].map(([, target]) => target!);
    for (const target of files.filter((one) => one.startsWith(base))) {
      assert.ok(readFileSync(path.join(root, target.slice(base.length)), 'utf8'), target);
    }
  });
});
