import assert from 'node:assert/strict';
import { restrictFolder } from '../../../../tasks/keyvault-secrets/adapters/windows-acl';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';

const folder = String.raw`D:\a\_temp\keyvault-secrets-x1`;
const done = () => undefined;
const fail = (message: string) => () => {
  throw new Error(message);
};

/** The summary of the diagnosis with which it refuses. */
function refusal(systemRoot: string | undefined, run: () => void): string {
  try {
    restrictFolder(folder, systemRoot, run);
  } catch (error) {
    assert.ok(error instanceof DiagnosedError);
    assert.equal(error.diagnosis.code, 'AKV-SECRET-FILE');
    return error.diagnosis.summary;
  }
  assert.fail('it did not refuse');
}

describe('the folder of secret files on Windows', () => {
  it('loses its inherited permissions, and allows only its owner, the system and administrators', () => {
    const calls: unknown[] = [];
    restrictFolder(folder, String.raw`C:\Windows`, (...call) => calls.push(call));
    assert.deepEqual(calls, [
      [
        String.raw`C:\Windows\System32\icacls.exe`,
        [
          folder,
          '/inheritance:r',
          '/grant:r',
          '*S-1-3-4:(OI)(CI)F',
          '*S-1-5-18:(OI)(CI)F',
          '*S-1-5-32-544:(OI)(CI)F',
          '/q',
        ],
        String.raw`C:\Windows`,
      ],
    ]);
  });

  it('is not used when its permissions cannot be changed', () => {
    assert.match(
      refusal(String.raw`C:\Windows`, fail('Command failed: icacls.exe\nsecond line')),
      /: Command failed: icacls\.exe\. /,
    );
  });

  for (const root of [
    undefined,
    '',
    String.raw`D:\a\1\s`,
    String.raw`\\share\windows`,
    String.raw`C:\Windows\..\evil`,
  ]) {
    it(`is not given to a program of the folder '${root ?? 'undefined'}', which a step may have put there`, () => {
      assert.match(refusal(root, done), /SystemRoot/);
    });
  }
});
