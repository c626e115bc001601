import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import type { SimulatedRequest } from './exchange';
import { createAzureKeys } from './keys';
import type { AzureKeys } from './keys';
import type { Reply } from './tunnel-client';

describe('faults ordered from the simulated Azure', () => {
  const slept: number[] = [];
  let keys: AzureKeys;
  let site: ContosoSite;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    slept.length = 0;
    const sleep = (milliseconds: number): Promise<void> => {
      slept.push(milliseconds);
      return Promise.resolve();
    };
    const latency = ({ service }: SimulatedRequest): number => (service === 'echo' ? 250 : 0);
    site = await openContoso({ keys, clock: { now: Date.now, sleep }, latency });
  });
  afterEach(() => site.stop());

  const isPatch = ({ method }: SimulatedRequest): boolean => method === 'PATCH';
  const patch = (): Promise<Reply> =>
    site.client.send(site.contoso.vaultUrl, {
      method: 'PATCH',
      headers: site.client.armToken,
      json: { tags: { done: 'yes' } },
    });
  const tags = (): unknown => site.azure.vaultResource('contoso-kv').tags;

  it('answer what was ordered, as often as was ordered, and ask no service', async () => {
    const body = '{"error":{"code":"ServerBusy"}}';
    site.azure.fault({ when: isPatch, times: 2, then: { status: 503, headers: { 'retry-after': '7' }, body } });
    const reply = await patch();
    assert.deepEqual([reply.status, reply.headers['retry-after'], reply.text], [503, '7', body]);
    assert.equal((await patch()).status, 503);
    assert.deepEqual(tags(), {});
    assert.equal((await patch()).status, 200);
  });

  it('reset the connection before the service has done anything', async () => {
    site.azure.fault({ when: isPatch, times: 1, then: 'reset-before' });
    await assert.rejects(patch(), { code: 'ECONNRESET' });
    assert.deepEqual(tags(), {});
  });

  it('reset the connection after the service has done its work', async () => {
    site.azure.fault({ when: isPatch, times: 1, then: 'reset-after' });
    await assert.rejects(patch(), { code: 'ECONNRESET' });
    assert.deepEqual(tags(), { done: 'yes' });
    assert.equal(site.azure.journal.find(isPatch)?.status, 0);
  });

  it('keep the answer back until something else has happened, after the service has done its work', async () => {
    let happen = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      happen = resolve;
    });
    site.azure.fault({ when: isPatch, times: 1, then: { until } });
    const order: string[] = [];
    const answered = patch().then(() => order.push('answered'));
    const headers = site.client.armToken;
    while (JSON.stringify(tags()) === '{}') await site.client.send(site.contoso.vaultUrl, { headers });
    order.push('done');
    happen();
    await answered;
    assert.deepEqual(order, ['done', 'answered']);
  });

  it('cut the answer short', async () => {
    site.azure.fault({ when: isPatch, times: 1, then: 'truncate' });
    await assert.rejects(patch(), { code: 'ECONNRESET' });
    assert.deepEqual(tags(), { done: 'yes' });
  });

  it('leave a request without an answer, until the client or the simulation ends', async () => {
    const hung = new Promise<void>((resolve) => {
      const when = (request: SimulatedRequest): boolean => {
        if (isPatch(request)) setImmediate(resolve);
        return isPatch(request);
      };
      site.azure.fault({ when, then: 'hang' });
    });
    const pending = assert.rejects(patch());
    await hung;
    assert.equal(site.azure.journal.find(isPatch)?.status, 0);
    assert.deepEqual(tags(), {});
    await site.azure.stop();
    await pending;
    site = await openContoso({ keys });
  });

  it('delay an answer, on the clock that was given', async () => {
    site.azure.fault({ when: isPatch, times: 1, then: { delayMs: 1500 } });
    assert.equal((await patch()).status, 200);
    assert.deepEqual(slept, [1500]);
  });

  it('change an answer on its way, and the journal has what the client got', async () => {
    site.azure.fault({ when: isPatch, then: { alter: (answer) => ({ ...answer, status: 202, body: 'x' }) } });
    assert.deepEqual([(await patch()).text, site.azure.journal.find(isPatch)?.answer], ['x', 'x']);
    assert.deepEqual(tags(), { done: 'yes' });
  });

  it('that throw are reported as errors of the test', async () => {
    const when = (): boolean => {
      throw new Error('a mistake in a test');
    };
    site.azure.fault({ when, then: { status: 503 } });
    const reply = await patch();
    assert.equal(reply.status, 500);
    assert.match(reply.text, /SimulationDefect.*a mistake in a test/);
  });

  it('can be taken back', async () => {
    const undo = site.azure.fault({ when: isPatch, then: { status: 500 } });
    assert.equal((await patch()).status, 500);
    undo();
    assert.equal((await patch()).status, 200);
  });

  it('leave operations their usual latency', async () => {
    await site.client.send('https://api.ipify.org/');
    assert.deepEqual(slept, [250]);
  });

  it('are in the journal with all that was asked and answered', async () => {
    await patch();
    const { time, ...entry } = site.azure.journal.find(isPatch)!;
    assert.ok(time <= Date.now());
    assert.equal(entry.host, 'management.azure.com');
    assert.equal(entry.path, new URL(site.contoso.vaultUrl).pathname);
    assert.deepEqual(entry.query, { 'api-version': '2026-02-01' });
    assert.equal(entry.headers.authorization, site.client.armToken.authorization);
    assert.equal(entry.body, '{"tags":{"done":"yes"}}');
    assert.equal(entry.client.address, '20.1.2.3');
    assert.deepEqual([entry.status, JSON.parse(entry.answer)], [200, site.azure.vaultResource('contoso-kv')]);
    assert.ok(entry.answerHeaders['x-ms-request-id']);
  });
});
