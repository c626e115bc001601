import assert from 'node:assert/strict';
import { currentVersion, failureOf, pick, run, secretA, type StoredSecret } from './recording-ports';

/** A version of a secret; its value tells which one it is. */
function version(digit: string, created: number, enabled = true) {
  return { version: digit.repeat(32), created, enabled, value: `not-a-real-password-${digit}` };
}

const current = { version: currentVersion, created: 9 };

function readPrevious(versions: StoredSecret['versions'], stored: StoredSecret = secretA) {
  return run({ 'my-kv': { a: { ...stored, versions: versions ?? [] } } }, { secretsFilter: 'a/previous -> OLD' });
}

describe('the previous version', () => {
  it('is the newest enabled version but the current one', async () => {
    const recorded = await readPrevious([version('2', 2), current, version('1', 1), version('3', 3, false)]);
    assert.deepEqual(pick(recorded, 'set'), ['set OLD=not-a-real-password-2 (secret)']);
  });

  it('is never the current one, in whatever order two versions of the same second are listed', async () => {
    for (const versions of [
      [current, version('8', 9), version('1', 1)],
      [version('8', 9), current, version('1', 1)],
    ]) {
      assert.deepEqual(pick(await readPrevious(versions), 'set'), ['set OLD=not-a-real-password-8 (secret)']);
    }
  });

  it('is never one that was created during the listing', async () => {
    const recorded = await readPrevious([version('2', 2), version('1', 1)]);
    assert.deepEqual(pick(recorded, 'set'), ['set OLD=not-a-real-password-2 (secret)']);
    assert.deepEqual(pick(recorded, 'list', 'read'), [
      'list versions my-kv:a',
      'read my-kv:a',
      `read my-kv:a/${'2'.repeat(32)}`,
    ]);
  });

  it('is not guessed if two have the same time', async () => {
    const { code, summary, remedy } = failureOf(await readPrevious([current, version('2', 2), version('1', 2)]));
    assert.equal(code, 'AKV-SECRET-VERSION');
    assert.match(summary, /^my-kv:a\/previous: 2 versions before the current one were created in the same second/);
    assert.match(remedy.join('\n'), /az keyvault secret list-versions --vault-name my-kv --name a /);
    assert.match(remedy.join('\n'), /a\/<version>/);
  });

  it('is not guessed when the vault does not say when versions were created', async () => {
    const undated = ['1', '2'].map((digit) => ({ version: digit.repeat(32) }));
    assert.equal(failureOf(await readPrevious([current, ...undated])).code, 'AKV-SECRET-VERSION');
  });

  it('is the newest enabled one when the current version is disabled', async () => {
    const versions = [{ ...current, enabled: false }, version('2', 2), version('1', 1)];
    const recorded = await readPrevious(versions, { currentOutcome: { kind: 'disabled' } });
    assert.deepEqual(pick(recorded, 'set'), ['set OLD=not-a-real-password-2 (secret)']);
  });

  it('is read in parallel with the current one', async () => {
    const recorded = await run(
      { 'my-kv': { a: { ...secretA, versions: [current, version('2', 1)] } } },
      { secretsFilter: 'a -> NEW\na/previous -> OLD' },
    );
    assert.deepEqual(pick(recorded, 'set'), [
      'set NEW=not-a-real-password-1 (secret)',
      'set OLD=not-a-real-password-2 (secret)',
    ]);
  });

  it('is missing when there is only the current one', async () => {
    const { code, summary } = failureOf(await readPrevious([current]));
    assert.equal(code, 'AKV-SECRET-MISSING');
    assert.match(summary, /there is no enabled version before the current one/);
  });

  it('is missing when there is no secret, which is what the message says', async () => {
    const recorded = await run({ 'my-kv': {} }, { secretsFilter: 'a/previous' });
    const { code, summary } = failureOf(recorded);
    assert.equal(code, 'AKV-SECRET-MISSING');
    assert.match(summary, /^my-kv:a\/previous: the secret does not exist/);
    assert.equal((await run({ 'my-kv': {} }, { secretsFilter: 'a/previous?' })).error, undefined);
  });
});
