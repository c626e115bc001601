import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import path from 'node:path';
import tseslint from 'typescript-eslint';
import { root } from '../../scripts/package/definitions';

/** What the linter, with the repository's own settings, says of sentences in a file of this name with this text. */
async function lint(file: string, text: string): Promise<readonly string[]> {
  const linter = new ESLint({
    cwd: root,
    // Needs no types, which are slow to load.
    overrideConfig: [tseslint.configs.disableTypeChecked],
    ruleFilter: ({ ruleId }) => ruleId === 'no-restricted-syntax',
  });
  const [result] = await linter.lintText(text, { filePath: path.join(root, file) });
  return result?.messages.map(({ message }) => message) ?? [];
}

const inATask = 'tasks/keyvault-secrets/rules/parse.ts';

describe('the linter keeps what users read in messages/', () => {
  for (const sentence of [
    `'the secret is disabled'`,
    `"this vault's certificate"`,
    '`the vault is gone`',
    '`Firewall of ${vault}`',
    '`${vault} is gone.`',
    '`${listed} listed, ${matched} matched`',
    '`${seconds} seconds`',
    '`Nothing was set; try again.`',
    `'Give it another name: az keyvault secret show'`,
  ]) {
    it(`refuses ${sentence} elsewhere`, async () => {
      const found = await lint(inATask, `log.info(${sentence});`);
      assert.match(found.join('\n'), /^What users read belongs in messages\//);
    });
  }

  for (const text of [
    `'AKV-SECRET-MISSING'`,
    `'application/json'`,
    `'x-ms-client-request-id'`,
    '`Bearer ${token}`',
    '`https://${host}/secrets?api-version=7.4`',
    '`az keyvault network-rule remove ${where} --ip-address ${address}`',
    "new RegExp(`object id '(${guid})`)",
    '/no such secret/',
    `' && '`,
  ]) {
    it(`leaves ${text} where it is`, async () => {
      assert.deepEqual(await lint(inATask, `use(${text});`), []);
    });
  }

  for (const file of [
    'tasks/keyvault-secrets/messages/report.ts',
    'tasks/keyvault-agent-access/messages/closing.ts',
    'tasks/shared/messages/phase.ts',
    'tasks/shared/errors/explain-vault.ts',
  ]) {
    it(`lets ${file} have sentences`, async () => {
      assert.deepEqual(await lint(file, `export const gone = 'the vault is gone';`), []);
    });
  }

  for (const file of [
    'tasks/keyvault-agent-access/opening/open.ts',
    'tasks/shared/agent/pre-job.ts',
    'tasks/shared/agent/agent.ts',
  ]) {
    it(`lets ${file} have none`, async () => {
      assert.equal((await lint(file, `export const gone = 'the vault is gone';`)).length, 1);
    });
  }
});
