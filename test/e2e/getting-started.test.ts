import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describeScenarios, type Outcome } from './support/scenarios';
import { assertSucceeded, assertUnreadable } from './support/secrets-step';

const page = readFileSync(resolve(__dirname, '../../docs/getting-started.md'), 'utf8');

/** The blocks of the page in one language, in order; '' is that of logs. */
function blocksOf(language: string): string[] {
  return [...page.matchAll(/^```(\w*)\n([^]*?)^```$/gm)].flatMap(([, name, text = '']) =>
    name === language ? text : [],
  );
}

/** That the log has the lines that the page shows, in order. What differs from run to run is not compared. */
function assertShown(outcome: Outcome, shown: string | undefined): void {
  const log = outcome.log.map(withoutRandomParts);
  let at = 0;
  for (const line of (shown ?? '').trim().split('\n').map(withoutRandomParts)) {
    const found = log.indexOf(line, at);
    assert.ok(found >= at, `The log does not show '${line}':\n${outcome.text}`);
    at = found + 1;
  }
}

/** A line without ids, times and durations. */
function withoutRandomParts(line: string): string {
  return line
    .trim()
    .replace(/lease \w{6} until \S+Z/, 'lease ... until ...')
    .replace(/\b\d+\.\d s\b/, '... s')
    .replace(/\b[0-9a-f]{8}\b(?!-)/, '...')
    .replace(/\b[0-9a-f]{8}-[0-9a-f-]{27}\b/, '...');
}

describeScenarios('Getting started, as it is written', {
  'reads the secret, is refused by the closed firewall, and succeeds when the agent has a rule': async (testBed) => {
    const { azure, contoso } = testBed;
    const [first = '', second = ''] = blocksOf('yaml');
    const [open, refused, allowed] = blocksOf('');
    azure.setSecret(contoso.vault, { name: 'db-password', value: 'not-a-real-password-1' });
    const setFirewall = (defaultAction: string) => {
      azure.changeVault(contoso.vault, { properties: { networkAcls: { defaultAction } } });
    };
    setFirewall('Allow');
    const outcome = await testBed.run(first);
    assertSucceeded(outcome);
    assertShown(outcome, open);
    assertUnreadable(outcome.text, 'not-a-real-password-1');
    setFirewall('Deny');
    const before = testBed.vaultJson();
    const failed = await testBed.run(first);
    assert.equal(failed.result, 'Failed');
    assertShown(failed, refused);
    const fixed = await testBed.run(second);
    assertSucceeded(fixed);
    assertShown(fixed, allowed);
    assert.equal(testBed.vaultJson(), before);
  },
});
