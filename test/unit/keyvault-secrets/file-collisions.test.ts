import assert from 'node:assert/strict';
import { failureOf, pick, run, secretA, secretB } from './recording-ports';

describe('files fail the step before anything is set', () => {
  it('when two values would go to one file', async () => {
    const recorded = await run(
      { 'my-kv': { a: secretA, b: secretB } },
      { secretsFilter: 'a | file:x -> A\nb | file:X -> B' },
    );
    const { code, summary } = failureOf(recorded);
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(summary, /^my-kv:a and my-kv:b: both write the file 'X'/);
  });

  it("when one's file would be the folder of another's, before anything is set", async () => {
    const recorded = await run(
      { 'my-kv': { a: secretA, b: secretB } },
      { secretsFilter: 'b | file:Certs/tls/key -> B\na | file:certs/TLS -> A' },
    );
    const { code, summary, remedy } = failureOf(recorded);
    assert.equal(code, 'AKV-NAME-COLLISION');
    assert.match(
      summary,
      /^my-kv:a and my-kv:b: the file 'certs\/TLS' would also be the folder of 'Certs\/tls\/key'\. No variable was set\./,
    );
    assert.match(remedy.join(), /file:other\/path/);
  });

  it('but not when their paths only begin alike', async () => {
    const recorded = await run(
      { 'my-kv': { a: secretA, b: secretB } },
      { secretsFilter: 'a | file:certs -> A\nb | file:certs-of-others/key -> B' },
    );
    assert.equal(pick(recorded, 'file').length, 2);
  });
});
