import assert from 'node:assert/strict';
import type { SimulatedRequest } from '../../simulation/azure/http/exchange';
import type { JournalEntry } from '../../simulation/azure/http/journal';
import type { FaultEffect } from '../../simulation/azure/http/faults';
import { json } from './support/failures';
import { describeScenarios, type TestBed } from './support/scenarios';
import { assertNothingSet, assertSucceeded, seedSecrets, pipelineOf, readingStep } from './support/secrets-step';

/** The reads at a time (tasks/keyvault-secrets/selection/fetch.ts), the listing, and the two hosts of a sign-in. */
const mostConnections = 32 + 1 + 2;

const isListing = ({ path }: SimulatedRequest): boolean => path === '/secrets';
const isValue = ({ service, path, status }: JournalEntry): boolean =>
  service === 'vault' && status === 200 && path.startsWith('/secrets/');

function fill(testBed: TestBed, count: number): void {
  const names = Array.from({ length: count }, (_, index) => `secret-${index}`);
  seedSecrets(testBed, Object.fromEntries(names.map((name) => [name, `not-a-real-value-of-${name}`])));
}

/** What the step asked of Azure, in the order of arrival. */
async function requestsOf(testBed: TestBed, rules: string, connection?: string): Promise<readonly JournalEntry[]> {
  const step = readingStep(rules);
  const before = testBed.azure.journal.length;
  const text = connection === undefined ? step : step.replace('contoso-secret', connection);
  assertSucceeded(await testBed.run(pipelineOf(text)));
  return testBed.azure.journal.slice(before);
}

function assertNothingTwice(requests: readonly JournalEntry[]): void {
  const asked = requests
    .filter(({ status }) => status === 200)
    .map(({ method, host, path, query }) => `${method} ${host}${path}?${JSON.stringify(query)}`);
  assert.deepEqual(asked, [...new Set(asked)]);
}

const kinds = (requests: readonly JournalEntry[]): string[] =>
  requests.map(({ service, status }) => `${service} ${status}`).toSorted();

const isChallenge = ({ service, headers }: SimulatedRequest): boolean =>
  service === 'vault' && headers.authorization === undefined;

/**
 * Holds the answers to these requests back until the journal has what must be sent by then. So what could be sent at
 * once is sent at once however slow the machine is, and a step that waits for an answer first never gets it.
 */
function keepBack(
  { azure }: TestBed,
  when: (request: SimulatedRequest) => boolean,
  until: (journal: readonly JournalEntry[]) => boolean,
): void {
  const before = azure.journal.length;
  const reached = new Promise<void>((resolve) => {
    const look = setInterval(() => {
      if (until(azure.journal.slice(before))) {
        clearInterval(look);
        resolve();
      }
    }, 5).unref();
  });
  azure.fault({ when, then: { until: reached } });
}

const signedIn = (journal: readonly JournalEntry[]): boolean =>
  journal.some(({ service, status }) => service === 'entra' && status === 200);
const asksForValue = ({ service, path, headers }: SimulatedRequest): boolean =>
  service === 'vault' && headers.authorization !== undefined && path.startsWith('/secrets/');

const isFurtherPage = (request: SimulatedRequest): boolean =>
  isListing(request) && request.query.$skiptoken !== undefined;

const refusedByFirewall: FaultEffect = {
  status: 403,
  headers: json,
  body: JSON.stringify({
    error: {
      code: 'Forbidden',
      message: 'Client address is not authorized and caller is not a trusted service.\r\nClient address: 20.50.1.10',
      innererror: { code: 'ForbiddenByFirewall' },
    },
  }),
};

describeScenarios('What reading costs', {
  'is three requests on two connections for one secret, the value in the second round trip': async (testBed) => {
    fill(testBed, 30);
    keepBack(testBed, isChallenge, signedIn);
    const requests = await requestsOf(testBed, 'secret-7');
    assert.deepEqual(kinds(requests), ['entra 200', 'vault 200', 'vault 401']);
    assert.equal(new Set(requests.map(({ connection }) => connection)).size, 2);
    assert.equal(requests.find(isValue)?.round, 2);
  },

  'is one request more for each further secret, all of them at once when the challenge is answered': async (
    testBed,
  ) => {
    fill(testBed, 30);
    keepBack(testBed, isChallenge, signedIn);
    keepBack(testBed, asksForValue, (journal) => journal.filter(asksForValue).length === 30);
    const names = Array.from({ length: 30 }, (_, index) => `secret-${index}`);
    const requests = await requestsOf(testBed, names.join(','));
    assert.equal(requests.length, 30 + 2);
    assert.deepEqual([...new Set(requests.filter(isValue).map(({ round }) => round))], [2]);
  },

  'is one request more for a federated connection, and four round trips to the first value of a listing': async (
    testBed,
  ) => {
    fill(testBed, 30);
    keepBack(testBed, isChallenge, signedIn);
    keepBack(testBed, isFurtherPage, (journal) => journal.some(asksForValue));
    const requests = await requestsOf(testBed, '*', 'contoso-federated');
    assert.equal(requests.filter(({ service }) => service !== 'vault').length, 2, 'the assertion and the token');
    assert.equal(requests.filter(({ status }) => status === 401).length, 1, 'one challenge');
    assert.equal(requests.find(isValue)?.round, 4);
    assertNothingTwice(requests);
  },

  'is one request per secret and one for each 25 in the listing, and values are requested during the listing': async (
    testBed,
  ) => {
    fill(testBed, 120);
    keepBack(testBed, isFurtherPage, (journal) => journal.some(asksForValue));
    const requests = await requestsOf(testBed, '*');
    assert.equal(requests.filter(isValue).length, 120);
    assert.equal(requests.filter((entry) => isListing(entry) && entry.status === 200).length, 5);
    assert.equal(requests.length, 120 + 5 + 2, 'besides a challenge and a token');
    assertNothingTwice(requests);
    assert.ok(requests.findIndex(isValue) < requests.findLastIndex(isListing), 'a value before the last page');
    const connections = new Set(requests.map(({ connection }) => connection)).size;
    assert.ok(connections <= mostConnections, `${connections} connections`);
  },

  'is no further page of the listing if a read was refused for the vault as a whole': async (testBed) => {
    fill(testBed, 120);
    const { azure } = testBed;
    azure.fault({ when: asksForValue, then: refusedByFirewall });
    // The second page is asked for with the first read: its answer comes when the step is over.
    let end = (): void => undefined;
    azure.fault({ when: isFurtherPage, then: { until: new Promise<void>((resolve) => (end = resolve)) } });
    const before = azure.journal.length;
    const outcome = await testBed.run(pipelineOf(readingStep('*', 'timeoutInSeconds: 60')));
    end();
    assertNothingSet(outcome);
    assert.match(outcome.text, /##\[error\]AKV-FIREWALL: /);
    assert.doesNotMatch(outcome.text, /had not answered/);
    assert.equal(azure.journal.slice(before).filter(isFurtherPage).length, 1);
  },

  'is one sign-in for several vaults': async (testBed) => {
    const { azure, contoso } = testBed;
    fill(testBed, 1);
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
    assertSucceeded(await testBed.run(pipelineOf(rules)));
    const requests = azure.journal.slice(before);
    assert.equal(requests.filter(({ service }) => service === 'entra').length, 1);
  },
});
