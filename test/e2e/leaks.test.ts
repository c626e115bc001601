// cspell:ignore nicht
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { describeScenarios, type Outcome } from './support/scenarios';
import { printedForms, readablePieces } from './support/printed-forms';
import {
  assertSucceeded,
  assertUnreadable,
  bashStep,
  seedSecrets,
  pipelineOf,
  readingStep,
  withFile,
} from './support/secrets-step';

const pemLines = ['bm90LWEtcmVhbC1rZXktbGluZS0x', 'bm90LWEtcmVhbC1rZXktbGluZS0y', 'bm90LWE='];
const pem = `-----BEGIN PRIVATE KEY-----\n${pemLines.join('\n')}\n-----END PRIVATE KEY-----\n`;
const settings = {
  host: 'db.not-real.example',
  password: 'not-a-real-"json"-password',
  nested: { apiKey: 'not-a-real-key/äß' },
};

const secrets: Readonly<Record<string, string>> = {
  plain: 'N0t-a-real-p4ssword!',
  special: `n0t"a're\\al$pass<w>&o\`r%d/+=`,
  unicode: 'nicht-echt-äöü-€-🔑-geheim',
  'with-line-end': 'not-a-real-token-3\n',
  'with-blanks': '  not-a-real token 4  ',
  quoted: '"not-a-real-quoted-5"',
  escapes: 'not%3Ba%0Areal%AZP25value%5D6',
  'connection-string': 'Server=tcp:db.not-real.example,1433;User ID=app;Password=not-a-real;password-7;',
  pem,
  'pem-crlf': pem.replaceAll('\n', '\r\n').replaceAll('bm90', 'Ym9u'),
  'several-lines': 'first not-a-real line\n    indented not-a-real line\n"quoted": not-a-real line\n',
  json: JSON.stringify(settings),
  'json-pretty': JSON.stringify({ ...settings, password: 'not-a-real-other-password' }, null, 2),
  pfx: Buffer.from('not a real PFX, only long. '.repeat(12)).toString('base64'),
};

/**
 * Text around or in a value that every log may show: what the forms put around it (of `user:` in base64 also the
 * characters at the rim, which hold two bits of the secret at most), and the armour of PEM files.
 */
const harmless = [
  /value: |"?secret"|\\"secret\\"|https:\/\/example\.com\/\?password=|&x=1|password=|<\/?password>/g,
  /<add key="password" value="|Authorization: Basic (?:dXNlcj[o-r]|O[g-v])?/g,
  /-----(?:BEGIN|END)(?: |%20|\+)PRIVATE(?: |%20|\+)KEY-----/g,
  /(?:\\?"|&quot;|`")nested(?:\\?"|&quot;|`"): \{/g,
  /value is|^declare -x V=\$?'|^\+ test|= other$|^> other$|^\d+(?:,\d+)?c\d+$|^\{ secret: |^dXNlcj[o-r]|^Cg==$/g,
  /^\{? *secret: '|\\n' \+$|(?:\\[nr])+(?=['" }*]|$)|-----(?:BEGIN|END) PRIVATE \$'KEY-----/g,
];

/** What scripts really do with a secret in `$V`, on every agent with bash. */
const programs = [
  'echo "$V"',
  'echo $V',
  'echo "value is \'$V\'"',
  'printf \'%q\\n\' "$V"',
  'echo "${V@Q}"',
  'echo "${V@A}"',
  'set -x; : "$V"; : $V; test "$V" = other; { set +x; } 2>&-',
  'echo "$V" | base64',
  'printf %s "$V" | base64 -w0; echo',
  'printf "user:%s" "$V" | base64 -w0; echo',
  'echo "$V" | sed \'s/^/    /\'',
  "echo \"$V\" | tr '\\n' ' '; echo",
  'echo "$V" | tr -d \'\\r\\n\'; echo',
  'echo "$V" | while read -r line; do echo "> $line <"; done',
  "node -p 'JSON.stringify({ secret: process.env.V })'",
  "node -p 'process.env.V'",
  "node -p '({ secret: process.env.V })'",
  "node -p 'new URLSearchParams({ password: process.env.V }).toString()'",
  'diff <(echo "$V") <(echo other)',
  'env | grep "^V="',
];

/** Prints every form of every secret, to both streams, each under a line that says what it is. */
function printAll(path: string): string {
  return `cat ${path}; cat ${path} >&2`;
}

/** What a job's last step showed under each heading. */
function sectionsOf({ steps }: Outcome): ReadonlyMap<string, readonly string[]> {
  const lines = steps.at(-1)?.lines ?? [];
  const start = lines.findIndex((line) => line.startsWith('##[command]'));
  const sections = new Map<string, string[]>();
  let current: string[] | undefined;
  for (const line of lines.slice(start + 1)) {
    const heading = /^#### (.*)$/.exec(line)?.[1];
    if (heading === undefined) current?.push(line);
    else sections.set(heading, (current = sections.get(heading) ?? []));
  }
  return sections;
}

/** That nothing is readable under any heading; shows everything that is. */
function assertUnreadableSections(sections: ReadonlyMap<string, readonly string[]>): void {
  const readable = [...sections].flatMap(([heading, lines]) =>
    lines
      .filter((line) => !line.startsWith('##['))
      .map((line) => harmless.reduce((rest, text) => rest.replace(text, '***'), line))
      .flatMap(readablePieces)
      .map((piece) => `${heading}: ${piece}`),
  );
  assert.equal(readable.join('\n'), '');
}

describeScenarios('The log after KeyVaultSecrets', {
  'shows no secret in any form in which scripts print it, on either stream': async (testBed) => {
    seedSecrets(testBed, secrets);
    await withFile(async (path) => {
      const forms = Object.entries(secrets).flatMap(([name, value]) =>
        Object.entries(printedForms(value)).map(([form, text]) => `#### ${name}, ${form}\n${text}\n`),
      );
      await writeFile(path, forms.join(''));
      const outcome = await testBed.run(pipelineOf(readingStep('*'), bashStep(printAll(path))));
      assertSucceeded(outcome);
      const sections = sectionsOf(outcome);
      assert.equal(sections.size, forms.length);
      assertUnreadableSections(sections);
    });
  },

  'shows no secret that bash and other programs print': async (testBed) => {
    seedSecrets(testBed, secrets);
    const env = Object.fromEntries(Object.keys(secrets).map((name, index) => [`SECRET${index}`, name]));
    const script = Object.keys(secrets).flatMap((name, index) => [
      `V="$SECRET${index}"; export V`,
      ...programs.map((program, number) => `echo '#### ${name}, program ${number}'; ${program}`),
    ]);
    const outcome = await testBed.run(
      pipelineOf(readingStep('*'), bashStep(`exec 2>&1\n${script.join('\n')}\ntrue`, env)),
    );
    assertSucceeded(outcome);
    assertUnreadableSections(sectionsOf(outcome));
  },

  'shows no secret with System.Debug either, from the step itself or from the agent': async (testBed) => {
    seedSecrets(testBed, secrets);
    const debug = [{ name: 'System.Debug', value: 'true', secret: false }];
    const rules = '*\njson.** -> FIELD_*\nplain | encode64 -> ENCODED\npem | file -> PEM_PATH';
    const outcome = await testBed.run(pipelineOf(readingStep(rules)), { variables: debug });
    assertSucceeded(outcome);
    assert.match(outcome.text, /^##\[debug\]/m);
    assertUnreadable(
      outcome.text,
      ...pemLines.slice(0, 2),
      ...['N0t-a-real', 'not-a-real', 'nicht-echt', 'n0t"a\'re', testBed.contoso.clientSecret],
      Buffer.from(secrets.plain ?? '').toString('base64'),
    );
    assert.doesNotMatch(outcome.text, /Bearer [\w-]|eyJ[\w-]{10,}/);
  },

  'shows no field of a JSON value whose key says that it is secret, and no secret in the text of a script': async (
    testBed,
  ) => {
    seedSecrets(testBed, secrets);
    const leaves = [settings.password, settings.nested.apiKey];
    await withFile(async (path) => {
      const forms = leaves.flatMap((leaf) => Object.entries(printedForms(leaf)));
      await writeFile(path, forms.map(([form, text]) => `#### ${form}\n${text}\n`).join(''));
      const inline = bashStep('echo "Logging in with $(plain)"');
      const outcome = await testBed.run(pipelineOf(readingStep('*'), inline, bashStep(printAll(path))));
      assertSucceeded(outcome);
      assertUnreadableSections(sectionsOf(outcome));
      assert.match(outcome.text, /^Logging in with \*\*\*$/m);
      assert.ok(!outcome.text.includes(secrets.plain ?? ''), outcome.text);
    });
  },
});
