import assert from 'node:assert/strict';
import type { JournalEntry } from '../simulation/azure/journal';
import { describeScenarios, type Stage } from './scenarios';
import { assertSucceeded, keep, pipelineOf, readingStep } from './secrets-step';

/**
 * Counts, never times. Every answer is so late that what could be asked for at once is asked for at once, however slow
 * the machine is.
 */
const late = { latency: () => 400 };

/** So many secrets at a time (tasks/keyvault-secrets/fetch.ts), the listing beside them, and the two hosts of a sign-in. */
const mostConnections = 32 + 1 + 2;

const isListing = ({ path }: JournalEntry): boolean => path === '/secrets';
const isValue = ({ service, path, status }: JournalEntry): boolean =>
  service === 'vault' && status === 200 && path.startsWith('/secrets/');

function fill(stage: Stage, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `secret-${index}`);
  keep(stage, Object.fromEntries(names.map((name) => [name, `not-a-real-value-of-${name}`])));
}

/** What the step asked of Azure, in the order of arrival. */
async function requestsOf(stage: Stage, rules: string, connection?: string): Promise<readonly JournalEntry[]> {
  const step = readingStep(rules);
  const before = stage.azure.journal.length;
  const text = connection === undefined ? step : step.replace('contoso-secret', connection);
  assertSucceeded(await stage.run(pipelineOf(text)));
  return stage.azure.journal.slice(before);
}

function assertNothingTwice(requests: readonly JournalEntry[]): void {
  const asked = requests
    .filter(({ status }) => status === 200)
    .map(({ method, host, path, query }) => `${method} ${host}${path}?${JSON.stringify(query)}`);
  assert.deepEqual(asked, [...new Set(asked)]);
}

const kinds = (requests: readonly JournalEntry[]): string[] =>
  requests.map(({ service, status }) => `${service} ${status}`).toSorted();

describeScenarios('What reading costs', {
  'is three requests on two connections for one secret, with two round trips before its own': {
    with: late,
    play: async (stage) => {
      fill(stage, 30);
      const requests = await requestsOf(stage, 'secret-7');
      assert.deepEqual(kinds(requests), ['entra 200', 'vault 200', 'vault 401']);
      assert.equal(new Set(requests.map(({ connection }) => connection)).size, 2);
      assert.equal(requests.find(isValue)?.round, 2);
    },
  },

  'is one request more for each further secret, all of them at once when the challenge is answered': {
    with: late,
    play: async (stage) => {
      fill(stage, 30);
      const names = Array.from({ length: 30 }, (_, index) => `secret-${index}`);
      const requests = await requestsOf(stage, names.join(','));
      assert.equal(requests.length, 30 + 2);
      assert.deepEqual([...new Set(requests.filter(isValue).map(({ round }) => round))], [2]);
    },
  },

  'is one request more for a federated connection, and at most four round trips to the first value of a listing': {
    with: late,
    play: async (stage) => {
      fill(stage, 30);
      const requests = await requestsOf(stage, '*', 'contoso-federated');
      assert.equal(requests.filter(({ service }) => service !== 'vault').length, 2, 'the assertion and the token');
      assert.equal(requests.filter(({ status }) => status === 401).length, 1, 'one challenge');
      assert.ok(requests.find(isValue)!.round <= 4, `round ${requests.find(isValue)?.round}`);
      assertNothingTwice(requests);
    },
  },

  'is one request a secret and one for each 25 in the listing, and values come while the listing goes on': {
    with: late,
    play: async (stage) => {
      fill(stage, 120);
      const requests = await requestsOf(stage, '*');
      assert.equal(requests.filter(isValue).length, 120);
      assert.equal(requests.filter((entry) => isListing(entry) && entry.status === 200).length, 5);
      assert.equal(requests.length, 120 + 5 + 2, 'beside them a challenge and a token');
      assertNothingTwice(requests);
      assert.ok(requests.findIndex(isValue) < requests.findLastIndex(isListing), 'no value before the last page');
      const last = requests.filter(isListing).at(-1)!;
      assert.ok(requests.at(-1)!.round <= last.round + 2, 'all values at most two rounds after the last page');
      const connections = new Set(requests.map(({ connection }) => connection)).size;
      assert.ok(connections <= mostConnections, `${connections} connections`);
    },
  },

  'is one sign-in for several vaults': {
    with: late,
    play: async (stage) => {
      const { azure, contoso } = stage;
      fill(stage, 1);
      const { subscription, application } = contoso;
      const { id } = azure.addVault({
        subscription,
        resourceGroup: 'shop',
        name: 'second-kv',
        properties: { networkAcls: { defaultAction: 'Allow' } },
      });
      azure.assignRole({
        objectId: application.objectId,
        scope: id,
        dataActions: ['Microsoft.KeyVault/vaults/secrets/getSecret/action'],
      });
      azure.setSecret('second-kv', { name: 'other', value: 'not-a-real-password-2' });
      const before = azure.journal.length;
      const step = readingStep('secret-0\nsecond-kv:other').replace('contoso-kv', 'contoso-kv, second-kv');
      const rules = step.replace('secret-0', 'contoso-kv:secret-0');
      assertSucceeded(await stage.run(pipelineOf(rules)));
      const requests = azure.journal.slice(before);
      assert.equal(requests.filter(({ service }) => service === 'entra').length, 1);
    },
  },
});
