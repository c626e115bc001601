import assert from 'node:assert/strict';
import { strToU8 } from 'fflate';
import { findExtensionProblems } from '../../scripts/package/check/extension';
import { findVsix, readVsix } from '../../scripts/package/vsix';
import { readTask, type TaskDefinition } from '../../scripts/package/definitions';

const task = 'tasks/keyvault-secrets';
const MiB = 1024 * 1024;

describe('an extension that is not fit to be published', () => {
  let files: Map<string, Uint8Array>;

  before(async () => {
    files = await readVsix(findVsix());
  });

  /** What is found in the packed extension with these files put in; undefined takes one out. */
  function problemsWith(changes: Readonly<Record<string, string | Uint8Array | undefined>>, size = 1): string[] {
    const changed = new Map(files);
    for (const [name, content] of Object.entries(changes)) {
      if (content === undefined) changed.delete(name);
      else changed.set(name, typeof content === 'string' ? strToU8(content) : content);
    }
    return findExtensionProblems(changed, size);
  }

  /** What is missing without a file; what only that file needs is found as well, as needed by nothing. */
  const missingWithout = (name: string) =>
    problemsWith({ [name]: undefined }).filter((problem) => problem.endsWith('missing'));

  const changeTask = (changes: Partial<TaskDefinition>) => ({
    [`${task}/task.json`]: JSON.stringify({ ...readTask(task), ...changes }),
  });

  it('is not the one that was packed', () => {
    assert.deepEqual(problemsWith({}), []);
  });

  it('is one with a friendlyName that the service refuses', () => {
    const problem = `${task}/task.json: friendlyName '${'x'.repeat(41)}' is 1 characters too long`;
    assert.deepEqual(problemsWith(changeTask({ friendlyName: 'x'.repeat(41) })), [problem]);
  });

  it('is one whose task has no description', () => {
    assert.deepEqual(problemsWith(changeTask({ description: ' ' })), [`${task}/task.json has no description`]);
  });

  it('is one with an input without a label, without help, or with more of it than a tooltip shows', () => {
    const [first, second, third, ...rest] = readTask(task).inputs;
    const inputs = [
      { ...first!, label: '' },
      { ...second!, helpMarkDown: '' },
      { ...third!, helpMarkDown: 'x'.repeat(1002) },
      ...rest,
    ];
    assert.deepEqual(problemsWith(changeTask({ inputs })), [
      `${task}/task.json: input 'connectedServiceName' has no label`,
      `${task}/task.json: input 'keyVaultName' has no help`,
      `${task}/task.json: input 'secretsFilter' has a help that is 2 characters too long for a tooltip`,
    ]);
  });

  for (const name of [`${task}/icon.png`, `${task}/dist/main.js`, `${task}/dist/phase-main.js`, 'LICENSE']) {
    it(`is one without ${name}`, () => {
      assert.deepEqual(missingWithout(name), [`${name} is missing`]);
    });
  }

  it('is one whose overview shows a picture that is not in it', () => {
    const overview = '# Title\n\n![The log](images/absent.png)\n';
    const problems = problemsWith({ 'overview.md': overview }).filter((problem) => problem.endsWith('missing'));
    assert.deepEqual(problems, ['images/absent.png is missing']);
  });

  for (const name of [
    `${task}/main.ts`,
    `${task}/dist/main.test.js`,
    `${task}/dist/phase-main.js.map`,
    'images/old.png',
  ]) {
    it(`is one with ${name}, which nothing needs`, () => {
      assert.deepEqual(problemsWith({ [name]: '' }), [`${name} is needed by nothing`]);
    });
  }

  it('is one with a source map inside of a bundle', () => {
    const name = `${task}/icon.png`;
    assert.deepEqual(problemsWith({ [name]: '//# sourceMappingURL=main.js.map' }), [`${name} has a source map`]);
  });

  it('is one without a file that is loaded only by a file that is loaded', () => {
    const [late = ''] = [...files.keys()].filter((name) => name.startsWith(`${task}/dist/credential-`));
    assert.deepEqual(missingWithout(late), [`${late} is missing`]);
  });

  it('is one that is too large, or whose code or icon is', () => {
    const icon = `${task}/icon.png`;
    const main = `${task}/dist/main.js`;
    const scripts = [...files].filter(([name]) => name.startsWith(`${task}/`) && name.endsWith('.js') && name !== main);
    const others = scripts.reduce((sum, [, { length }]) => sum + length, 0);
    const [entry = new Uint8Array()] = [files.get(main)];
    const large = new Uint8Array(700 * 1024 + 1 - others);
    large.set(entry);
    assert.deepEqual(
      problemsWith({ [main]: large, [icon]: new Uint8Array(32 * 1024 + 2) }, MiB + 3).sort(),
      [
        `the VSIX has ${MiB + 3} bytes, 3 more than its budget`,
        `the code of ${task} has ${700 * 1024 + 1} bytes, 1 more than its budget`,
        `${icon} has ${32 * 1024 + 2} bytes, 2 more than its budget`,
      ].sort(),
    );
  });
});
