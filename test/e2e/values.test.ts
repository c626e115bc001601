import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describeScenarios, type Outcome, type TestBed } from './support/scenarios';
import {
  assertNothingSet,
  assertSucceeded,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  variablesSet,
  withFile,
} from './support/secrets-step';

const awkward: Readonly<Record<string, string>> = {
  percent: '100% not-a-real-1 %',
  'escaped-lf': 'not%0Areal',
  'escaped-cr': 'not%0Dreal',
  'escaped-semicolon': 'not%3Breal',
  'escaped-bracket': 'not%5Dreal',
  'escaped-percent': 'not%25real',
  'agents-own-escape': 'not%AZP25real %AZP250A',
  'half-escapes': '%%0%0A%3%5',
  semicolon: 'not;real;issecret=false]',
  bracket: 'not]real',
  cr: 'not-a-real-2\r',
  lf: 'not-a-real-3\nsecond line\n',
  crlf: 'not-a-real-4\r\nsecond line\r\n',
  'lone-cr-command': 'not-a-real-5\r##vso[task.setvariable variable=injected]yes\rend',
  'lf-command': 'not-a-real-6\n##vso[task.setvariable variable=injected]yes\n',
  'inline-command': '##vso[task.complete result=Failed]not-a-real-7',
  quotes: `not"a'real\`8`,
  'unknown-macro': '$(no-such-variable) not-a-real-9 $()',
  braces: '${x} ${{ x }} $[x] not-a-real-10',
  dollars: '$x $$ $1 not-a-real-11',
  backslashes: 'C:\\not\\a\\real\\n12\\',
  tabs: '\tnot\ta\treal\t13\t',
  blanks: '   not-a-real-14   ',
  'blank-only': '   ',
  bom: '\uFEFFnot-a-real-15',
  emoji: 'not-a-real-🔑-16-👩‍👩‍👧',
  umlauts: 'nicht-echt-äöüß-17-日本語',
  separators: 'not\u2028a\u2029real\u008518',
  json: '{ "id": 12345678901234567890, "b": 1, "a": 2, "a": 3, "10": "x", "2": "not-a-real-19" }',
  'json-pretty': '{\n  "password": "not-a-real-password-20",\n  "size": 1.0\n}\n',
  empty: '',
};

/** Pieces that the agent, its commands, shells or JSON could take for something else. */
const piece = fc.oneof(
  fc.constantFrom('%', '%25', '%AZP25', '%0A', '%0a', '%0D', '%3B', '%5D', ';', ']', '[', '\r', '\n', '\r\n', '\t'),
  fc.constantFrom(' ', '##vso[task.setvariable variable=injected]', '##[error]', '$(', ')', '${', '}', '$', '`', '\\'),
  fc.constantFrom('"', "'", '=', '&', '<', '>', '|', '!', '^', 'AZP25', '0A', 'true', 'äß', '🔑', '\uFEFF', '\u2028'),
  fc.string({ unit: 'grapheme', maxLength: 6 }),
);
const value = fc
  .array(piece, { minLength: 1, maxLength: 12 })
  .map((pieces) => pieces.join('').replaceAll('\0', ''))
  .filter((text) => Buffer.from(text).toString() === text);

/** Reads everything, and compares what was kept with the variables and with what a script gets. */
async function assertRoundTrip(testBed: TestBed, values: Readonly<Record<string, string>>, decodePercents?: string) {
  seedSecrets(testBed, values);
  const outcome = await withFile(async (path, read) => {
    const names = Object.keys(values);
    const script = `node -e 'fs.writeFileSync(${JSON.stringify(path)}, JSON.stringify(process.env))'`;
    const env = Object.fromEntries(names.map((name, index) => [`V${index}`, name]));
    const variables =
      decodePercents === undefined ? [] : [{ name: 'DECODE_PERCENTS', value: decodePercents, secret: false }];
    const result = await testBed.run(pipelineOf(readingStep('*'), bashStep(script, env)), { variables });
    assertSucceeded(result);
    const got = JSON.parse(await read()) as Record<string, string>;
    for (const [index, name] of names.entries()) {
      assert.equal(result.variables[name]?.value, values[name], `variable of '${name}'`);
      assert.equal(got[`V${index}`], values[name], `environment of '${name}'`);
    }
    return result;
  });
  assertNoCommandRan(outcome);
  assert.deepEqual(Object.keys(variablesSet(outcome)).sort(), Object.keys(values).sort());
  return outcome;
}

function assertNoCommandRan({ variables, text }: Outcome): void {
  assert.equal(variables.injected, undefined);
  assert.ok(!text.includes('injected'), text);
}

/** Many values at once, since each run is a job; the counterexample is the whole list. */
async function assertRoundTripOfAny(testBed: TestBed, decodePercents?: string): Promise<void> {
  const values = fc.array(value, { minLength: 80, maxLength: 80 });
  const property = fc.asyncProperty(values, async (list) => {
    const named = Object.fromEntries(list.map((text, index) => [`generated-${index}`, text]));
    await assertRoundTrip(testBed, named, decodePercents);
  });
  await fc.assert(property, { numRuns: 1, endOnFailure: true });
}

describeScenarios('Values of KeyVaultSecrets', {
  'reach variables and scripts unchanged': (testBed) => assertRoundTrip(testBed, awkward).then(() => undefined),

  'reach variables and scripts unchanged with DECODE_PERCENTS=false, which is restored': async (testBed) => {
    const { variables } = await assertRoundTrip(testBed, awkward, 'false');
    assert.equal(variables.DECODE_PERCENTS?.value, 'false');
  },

  'reach variables and scripts unchanged, whatever they are made of': (testBed) => assertRoundTripOfAny(testBed),

  'reach variables and scripts unchanged with DECODE_PERCENTS=false, whatever they are made of': (testBed) =>
    assertRoundTripOfAny(testBed, 'false'),

  'with a NUL character set nothing, and are reported by name': async (testBed) => {
    seedSecrets(testBed, { good: 'not-a-real-value-1', bad: 'not-a-real\0value-2' });
    const outcome = await testBed.run(pipelineOf(readingStep('*')));
    assertNothingSet(outcome);
    assert.match(
      outcome.text,
      /##\[error\]AKV-VALUE: contoso-kv:bad: it contains a NUL character, which a variable cannot hold; use '\| file'\./,
    );
  },

  'with $(name) of an existing variable are expanded by the agent, with a warning; a file keeps them': async (
    testBed,
  ) => {
    seedSecrets(testBed, { template: 'before $(color) after', literal: 'only $(nothing) here' });
    const outcome = await testBed.run(
      `variables:\n  color: blue\n${pipelineOf(
        readingStep('template\nliteral\ntemplate | file -> TEMPLATE_PATH'),
        bashStep('[ "$(< "$TEMPLATE_PATH")" = \'before $\'"(color) after" ] && echo "file kept"'),
      )}`,
    );
    assertSucceeded(outcome);
    assert.match(outcome.text, /##\[warning\]Contain \$\(name\) of an existing variable.*: template\./);
    assert.match(outcome.text, /use '\| file' to keep the text/);
    assert.match(outcome.text, /^file kept$/m);
    assert.equal(outcome.variables.template?.value, 'before blue after');
    assert.equal(outcome.variables.literal?.value, 'only $(nothing) here');
  },
});
