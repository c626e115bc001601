import assert from 'node:assert/strict';
import { readSourceTexts, readUserTexts, type ReadText } from './wording';

/** Patterns, and what to write instead. */
type WordList = readonly (readonly [RegExp, string])[];

/**
 * Words that a reader who knows Azure stops at, wherever they are, and what Azure's own portal and documentation say
 * instead (learn.microsoft.com, "Microsoft Writing Style Guide"). British spelling is found by `npm run check:spelling`.
 */
const wordsToAvoid: WordList = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  // The spelling check takes both; the agent's own result is `Cancelled`.
  [/\bcancelled\b|-CANCELLED\b/, 'canceled'],
  [/\bknock(s|ed|ing)?\b/i, 'check access'],
  [/\bdoors?\b/i, 'firewall, or data plane'],
  [
    /\b(lets?|letting) (it |him |them )?(in|on)\b(?!to)|\b(lets?|letting) ([a-z']+ ){0,2}(agent|address|network|one)s? in\b/i,
    'allow',
  ],
  [/\btold\b/i, 'reported by, configured'],
  [/\b(stands?|stood|standing) (for|in|below|above|behind|twice|more than)\b/i, 'means, replaces, is'],
  [/\bgave no token\b|\bno token of\b/i, 'returned no token for'],
  [/\bdemands? (a|an|the|authentication)\b|\bdemand(ed|ing)\b/i, 'require'],
  [/(?<!node-|type )\bguard(s|ed|ing)?\b/i, 'protect'],
  [/\bof the machine\b/i, "the machine's"],
  [/\bin the way of\b/i, 'like'],
  [/\bbeside\b/i, 'next to, together with, compared with'],
  [/\bfor ever\b|\bfor good\b/i, 'permanently'],
  [/\bso many\b/i, 'the number of'],
  [/\b(nobody|somebody|anybody|everybody)('s)?\b/i, 'no one, someone'],
  [/\bby halves\b|\b(have|has|having) in hand\b/i, 'partly'],
  [/\b(secret|value)s? of several lines\b/i, 'multi-line'],
  [/\bleft alone\b/i, 'wait, unchanged'],
  [/\banew\b|\bwherever it may be\b|\bto and fro\b|\bhitherto\b|\bthus\b|\bhence\b|\bwhence\b|\bkin\b/i, 'plain words'],
  [
    /\bits own affair\b|\bof all ages\b|\bin vain\b|\bso-many-th\b|\bunasked\b|\bof no matter\b|\bright behind\b/i,
    'plain words',
  ],
  [/\bbehind the same address\b|\bcarr(y|ies) on\b/i, 'with the same address, continue'],
  [
    /\bwhose ?ever\b|\bwhat(so)?ever be\b|\blest\b|\bupon\b|\bmeet with\b|\bnought\b|\bthat (is|are) none\b/i,
    'plain words',
  ],
];

/** What messages, forms and pages do not say besides; sources may. */
const wordsToAvoidForUsers: WordList = [
  [/\bwhoever\b/i, 'anyone who'],
  [/\bbut for\b/i, 'except for'],
  [/\bwhat (becomes|became) of\b/i, 'the result of'],
  [/\buntouched\b/i, 'unchanged'],
  [/\bswept\b/i, 'removed'],
  [/\bopen to everybody\b/i, 'allows all networks'],
  [/\bgoing on as\b/i, 'continuing'],
  [/\btake orders\b|\bsteer(s|ing)?\b(?!-names)/i, 'change how programs behave'],
  [/\bbelongs? to the agent\b/i, 'is reserved'],
  [/\bNot Azure\b/, 'something other than Azure'],
  [/\bthere is no host\b/i, 'the name cannot be resolved'],
  [/\bmay not perform\b/i, 'is not authorized to perform'],
  [/\bas it has to be\b/i, 'malformed'],
  [/\bnames nothing\b|\bsees no vault\b|\bneither true nor false\b|\bis none of:/i, 'say what is valid'],
  [/\bLEFT OUT\b/, 'Skipped'],
  [/\bin hand\b/i, 'available'],
  [/\bin its own place\b/i, 'at its normal position'],
  [/\btells? (no|the) address\b/i, 'report the address'],
];

const userTexts = readUserTexts();
const sourceTexts = readSourceTexts();

function problemsOf({ file, line, text }: ReadText, words: WordList): readonly string[] {
  return words.flatMap(([pattern, better]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`${file}:${line}: '${found}': ${better}`];
  });
}

function assertFound(texts: readonly ReadText[], expected: readonly string[]): void {
  const files = new Set(texts.map(({ file }) => file));
  for (const file of expected) assert.ok(files.has(file), file);
}

describe('what users read', () => {
  it('is found by this test: messages, failures, forms, pages and examples', () => {
    assertFound(userTexts, [
      'tasks/shared/messages/phase.ts',
      'tasks/shared/errors/explain-vault.ts',
      'tasks/keyvault-secrets/task.json',
      'docs/faq.md',
      'overview.md',
      'README.md',
      'examples/private-vault.yml',
    ]);
  });

  it('has no word that its readers stop at', () => {
    const words = [...wordsToAvoid, ...wordsToAvoidForUsers];
    assert.deepEqual(
      userTexts.flatMap((text) => problemsOf(text, words)),
      [],
    );
  });

  it('would fail with such a word', () => {
    const text = { file: 'x', line: 1, text: 'told by the vault itself, which guards a door' };
    assert.equal(problemsOf(text, wordsToAvoid).length, 3);
  });
});

describe('what maintainers read', () => {
  it('is found by this test: comments, test titles and names, wherever there is code', () => {
    assertFound(sourceTexts, [
      'tasks/keyvault-secrets/run.ts',
      'simulation/azure/azure.ts',
      'simulation/README.md',
      'scripts/live/live.ts',
      'test/unit/keyvault-secrets/run.test.ts',
      'test/e2e/support/direct-network.cjs',
      '.github/workflows/ci.yml',
      '.ci/run',
      'CONTRIBUTING.md',
    ]);
    assert.ok(sourceTexts.some(({ text }) => text.includes('read Source Texts')));
  });

  it('has no such word either', () => {
    assert.deepEqual(
      sourceTexts.flatMap((text) => problemsOf(text, wordsToAvoid)),
      [],
    );
  });
});
