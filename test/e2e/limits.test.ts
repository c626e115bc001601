import assert from 'node:assert/strict';
import { throttled } from './support/failures';
import { describeScenarios, type TestBed } from './support/scenarios';
import {
  assertSucceeded,
  assertUnreadable,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
} from './support/secrets-step';

/** This many secrets, and the expected variables. */
function numbered(count: number): Record<string, string> {
  const entries = Array.from({ length: count }, (_, index) => [`secret-${index}`, `not-a-real-value-of-${index}`]);
  return Object.fromEntries(entries) as Record<string, string>;
}

/** Requests of one kind that the vault has answered with what was asked for. */
function answered({ azure }: TestBed, which: (path: string) => boolean): number {
  return azure.journal.filter(({ service, path, status }) => service === 'vault' && status === 200 && which(path))
    .length;
}

const isListing = (path: string): boolean => path === '/secrets';

/** Text without any pattern, so that nothing in it is masked by chance. */
function longValue(length: number): string {
  return Array.from({ length: Math.ceil(length / 8) }, (_, index) =>
    (index * 2_654_435_761).toString(36).padStart(8, 'x'),
  )
    .join('')
    .slice(0, length);
}

describeScenarios('The limits of KeyVaultSecrets', {
  'are not at an empty vault, which it warns of': async (testBed) => {
    seedSecrets(testBed, {});
    const outcome = await testBed.run(pipelineOf(readingStep('*')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), {});
    assert.deepEqual(
      outcome.issues.map(({ message }) => message),
      ["These patterns match no secret: '*'."],
    );
    assert.match(outcome.text, /contoso-kv: 0 secrets listed, 0 matched/);
  },

  'are not at one page of 25, nor at an empty page with a link to the next': {
    with: { vault: { emptyPages: true } },
    run: async (testBed) => {
      for (const count of [1, 25, 26]) {
        seedSecrets(testBed, numbered(count));
        const outcome = await testBed.run(pipelineOf(readingStep('*')));
        assertSucceeded(outcome);
        assert.deepEqual(variablesSet(outcome), numbered(count));
      }
      assert.ok(answered(testBed, isListing) > 1 + 1 + 2, 'an empty page was there');
    },
  },

  'are not at 1000 secrets, which are fetched once each over few connections': async (testBed) => {
    seedSecrets(testBed, numbered(1000));
    const use = bashStep('echo "$A and $Z"; printf %s "$Z" | base64', { A: 'secret-0', Z: 'secret-999' });
    const outcome = await testBed.run(
      pipelineOf(readingStep('*\nsecret-1 -> ONE\nsecret-1 | encode64 -> ONE_64'), use),
    );
    assertSucceeded(outcome);
    const one = 'not-a-real-value-of-1';
    const expected = { ...numbered(1000), ONE: one, ONE_64: Buffer.from(one).toString('base64') };
    assert.deepEqual(variablesSet(outcome), expected);
    assert.equal(answered(testBed, isListing), 40);
    assert.equal(
      answered(testBed, (path) => !isListing(path)),
      1000,
    );
    const connections = new Set(testBed.azure.journal.map(({ host, connection }) => `${host} ${connection}`));
    assert.ok(connections.size <= 40, `${connections.size} connections`);
    assert.match(
      outcome.text,
      /Read 1000 secrets from contoso-kv and sent 1002 variables to the agent\. 10\d\d requests, 0 retries/,
    );
    assert.match(outcome.text, /^\*\*\* and \*\*\*\n\*\*\*$/m);
    assert.match(
      outcome.text,
      /^\d{4} masks registered\. \d{4} further forms not masked, because every mask slows down .*: .*base64 of UTF-16\./m,
    );
    assert.ok(outcome.commands.filter(({ event }) => event === 'setsecret').length <= 10_000);
  },

  'are not at a vault that throttles many reads': async (testBed) => {
    seedSecrets(testBed, numbered(200));
    testBed.azure.fault({ when: ({ path }) => path.startsWith('/secrets/secret-'), then: throttled(), times: 60 });
    const outcome = await testBed.run(pipelineOf(readingStep('*')));
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), numbered(200));
    assert.match(
      outcome.text,
      /Read 200 secrets from contoso-kv and sent 200 variables to the agent\. 270 requests, 60 retries/,
    );
  },

  'are not at the largest value that a vault holds': async (testBed) => {
    const large = longValue(25_000);
    const lines = longValue(24_500).replace(/.{49}/g, '$&\n');
    seedSecrets(testBed, { large, lines });
    const script = 'echo "$LARGE"; echo "$LINES_" >&2; printf %s "$LARGE$LINES_" | wc -c';
    const outcome = await testBed.run(
      pipelineOf(readingStep('large\nlines'), bashStep(script, { LARGE: 'large', LINES_: 'lines' })),
    );
    assertSucceeded(outcome);
    assert.deepEqual(variablesSet(outcome), { large, lines });
    assert.match(outcome.text, new RegExp(`^ *${large.length + lines.length}$`, 'm'));
    assertUnreadable(outcome.text, large.slice(0, 40), ...lines.split('\n').slice(0, 20));
    assert.deepEqual(outcome.issues, []);
  },

  'are at the length of an environment variable on Windows, with a warning and the alternative': async (testBed) => {
    const large = longValue(25_000);
    seedSecrets(testBed, { large });
    const outcome = await testBed.run(
      pipelineOf(readingStep('large | encode64 -> BIG\nlarge | encode64 | file -> FILE')),
    );
    assertSucceeded(outcome);
    assert.deepEqual(
      outcome.issues.map(({ type, message }) => [type, message]),
      [['warning', "Longer than Windows allows for an environment variable; use '| file': BIG."]],
    );
    assert.equal(outcome.variables.BIG?.value, Buffer.from(large).toString('base64'));
  },
});
