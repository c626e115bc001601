import assert from 'node:assert/strict';
import { readUserTexts, type UserText } from './wording';

/**
 * Words that a reader who knows Azure stops at, and what Azure's own portal and documentation say instead
 * (learn.microsoft.com, "Microsoft Writing Style Guide").
 */
const wordsToAvoid: readonly (readonly [RegExp, string])[] = [
  [/\bmend(s|ed|ing)?\b/i, 'fix'],
  [/\bknock(s|ed|ing)?\b/i, 'check access'],
  [/\bdoors?\b/i, 'firewall, or data plane'],
  [/\b(lets?|letting) (in|on)\b|\b(lets?|letting) (this|the|an|any|every|other) (agent|address|one)s? in\b/i, 'allow'],
  [/\btold by\b|\btold no\b/i, 'reported by'],
  [/\bstands? (for|in|below|above|behind|twice|more than)\b/i, 'means, is'],
  [/\bgave no token\b|\bno token of\b/i, 'returned no token for'],
  [/\bdemands? (a|an|the|authentication)\b|\bdemand(ed|ing)\b/i, 'require'],
  [/(?<!node-)\bguard(s|ed|ing)?\b/i, 'protect'],
  [/\bof the machine\b/i, "the machine's"],
  [/\bin the way of\b/i, 'like'],
  [/\bbeside\b/i, 'next to, together with, compared with'],
  [/\bfor ever\b/i, 'permanently'],
  [/\bso many\b/i, 'the number of'],
  [/\bnobody\b|\bsomebody\b/i, 'no one, someone'],
  [/\bby halves\b|\bin hand\b/i, 'partly'],
  [/\buntouched\b/i, 'unchanged'],
  [/\bswept\b/i, 'removed'],
  [/\bopen to everybody\b/i, 'allows all networks'],
  [/\bgoing on as\b/i, 'continuing'],
  [/\b(secret|value)s? of several lines\b/i, 'multi-line'],
  [/\btake orders\b|\bsteer(s|ing)?\b(?!-names)/i, 'change how programs behave'],
  [/\bbelongs? to the agent\b/i, 'is reserved'],
  [/\bleft alone\b/i, 'wait'],
  [/\bNot Azure\b/, 'something other than Azure'],
  [/\bthere is no host\b/i, 'the name cannot be resolved'],
  [/\bmay not perform\b/i, 'is not authorized to perform'],
  [/\bas it has to be\b/i, 'malformed'],
  [/\bnames nothing\b|\bsees no vault\b|\bneither true nor false\b|\bis none of:/i, 'say what is valid'],
  [/\bLEFT OUT\b/, 'Skipped'],
  [/\bin its own place\b/i, 'at its normal position'],
  [/\btells? (no|the) address\b/i, 'report the address'],
  [/\bfor good\b/i, 'permanently'],
  [/\bwherever it may be\b|\bto and fro\b|\bhitherto\b|\bthus\b|\bhence\b|\bwhence\b/i, 'plain words'],
];

const texts = readUserTexts();

function problemsOf({ file, line, text }: UserText): readonly string[] {
  return wordsToAvoid.flatMap(([pattern, better]) => {
    const found = pattern.exec(text)?.[0];
    return found === undefined ? [] : [`${file}:${line}: '${found}': ${better}`];
  });
}

describe('what users read', () => {
  it('is found by this test: messages, failures, forms, pages and examples', () => {
    const files = new Set(texts.map(({ file }) => file));
    for (const file of [
      'tasks/shared/messages/phase.ts',
      'tasks/shared/errors/explain-vault.ts',
      'tasks/keyvault-secrets/task.json',
      'docs/faq.md',
      'overview.md',
      'README.md',
      'examples/private-vault.yml',
    ]) {
      assert.ok(files.has(file), file);
    }
  });

  it('has no word that its readers stop at', () => {
    assert.deepEqual(texts.flatMap(problemsOf), []);
  });

  it('would be found out with such a word', () => {
    assert.equal(problemsOf({ file: 'x', line: 1, text: 'told by the vault itself, which guards a door' }).length, 3);
  });
});
