import assert from 'node:assert/strict';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDefaultHttpClient, type HttpClient } from '@azure/core-rest-pipeline';
import sinon from 'sinon';
import { withRetries, type RetryParts } from '../../../../tasks/shared/http/retries';
import { answer, failure, fakeClock, fakeServer, request, silence, type Reply } from '../fake-azure';
import { noDeadline } from '../../../fixtures/deadlines';

/** A client in front of a scripted server. Jitter is at its least, so delays are 250, 500, 1000, ... */
function open(script: readonly [Reply, ...Reply[]], given: Partial<RetryParts> = {}, inner?: HttpClient) {
  const clock = fakeClock();
  const lines: string[] = [];
  const note = (level: string) => (text: string) => lines.push(`${level} ${text}`);
  const server = fakeServer(...script);
  const client = withRetries(inner ?? server.client, {
    transport: () => new Agent(),
    clock,
    random: () => 0,
    log: { info: note('info'), debug: note('debug'), warning: note('warning') },
    signal: new AbortController().signal,
    deadline: noDeadline,
    ...given,
  });
  return { client, clock, lines, server };
}

const good = answer(200, { value: 'not-a-real-value-1' });
const html = (status: number): Reply => answer(status, '<html>Sign in</html>', { 'Content-Type': 'text/html' });

describe('withRetries', () => {
  for (const [what, reply] of [
    ['HTTP 503', answer(503)],
    ['HTTP 429', answer(429)],
    ['a reset connection', failure('ECONNRESET')],
    ['a name server that is not ready', failure('EAI_AGAIN')],
    ['a 200 whose JSON is cut', answer(200, '{"value":"not-a-re')],
    ['a 200 with a page instead of JSON', html(200)],
    ['a 200 without a body', answer(200, '')],
    ['a 200 with JSON that is no object', answer(200, 'null')],
  ] as const) {
    it(`asks again after ${what}, and gives the good answer`, async () => {
      const { client, server } = open([reply, reply, good]);
      assert.equal((await client.sendRequest(request())).status, 200);
      assert.equal(server.requests.length, 3);
    });
  }

  it('waits longer after each attempt, and returns the seventh answer', async () => {
    const { client, clock, server } = open([answer(503)]);
    assert.equal((await client.sendRequest(request())).status, 503);
    assert.deepEqual(clock.sleeps, [250, 500, 1000, 2000, 4000, 4000]);
    assert.equal(server.requests.length, 7);
  });

  it('logs what it waits for, from the second failure on', async () => {
    const { client, lines } = open([answer(503), failure('ECONNRESET'), good]);
    await client.sendRequest(request());
    assert.deepEqual(lines, [
      'debug contoso-kv.vault.azure.net: HTTP 503; attempt 2 in 250 ms',
      'info contoso-kv.vault.azure.net: ECONNRESET (ECONNRESET of the network); attempt 3 in 500 ms',
    ]);
  });

  it('gives the last fault with its code and its host', async () => {
    const { client } = open([failure('EPIPE')]);
    await assert.rejects(client.sendRequest(request()), { code: 'EPIPE', host: 'contoso-kv.vault.azure.net' });
  });

  it('waits as long as the server asks for', async () => {
    const { client, clock } = open([answer(429, {}, { 'Retry-After': '17' }), good]);
    await client.sendRequest(request());
    assert.deepEqual(clock.sleeps, [17_250]);
  });

  for (const [what, header] of [
    ['an hour', '3600'],
    ['a date in another year', 'Fri, 31 Dec 2049 23:59:59 GMT'],
    ['a number beyond all numbers', '9'.repeat(400)],
  ] as const) {
    it(`gives a 429 that asks for ${what} back at once when the step ends before`, async () => {
      const deadline = { timeLeft: () => 300_000 };
      const { client, clock, server } = open([answer(429, {}, { 'Retry-After': header })], { deadline });
      const response = await client.sendRequest(request());
      assert.equal(response.status, 429);
      assert.equal(response.headers.get('Retry-After'), header);
      assert.deepEqual([clock.sleeps, server.requests.length], [[], 1]);
    });
  }

  it('begins no wait that ends after the time limit of the step, including its own back-off', async () => {
    const deadline = { timeLeft: () => 2_600 };
    const { client, clock } = open([failure('ECONNRESET')], { deadline });
    await assert.rejects(client.sendRequest(request()), { code: 'ECONNRESET' });
    assert.deepEqual(clock.sleeps, [250, 500]);
  });

  it('lets other requests to a host that answered 429 wait as well, and those to other hosts not', async () => {
    const holding = new AbortController();
    const asleep: number[] = [];
    const sleep = (milliseconds: number, signal: AbortSignal) => {
      if (milliseconds === 0) {
        return Promise.resolve();
      }
      asleep.push(milliseconds);
      return new Promise<void>((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(new Error('canceled'));
        });
      });
    };
    const script = [answer(429, {}, { 'Retry-After': '20' }), good] as const;
    const { client } = open(script, { clock: { ...fakeClock(), sleep }, signal: holding.signal });
    const first = client.sendRequest(request());
    await new Promise((resolve) => setImmediate(resolve));
    const second = client.sendRequest(request('https://contoso-kv.vault.azure.net/secrets/b'));
    const other = await client.sendRequest(request('https://other-kv.vault.azure.net/secrets/b'));
    assert.equal(other.status, 200);
    assert.deepEqual(asleep, [20_250, 20_250], 'the one that was refused, and the one that came later');
    holding.abort();
    await Promise.all([assert.rejects(first), assert.rejects(second)]);
  });

  for (const method of ['PATCH', 'PUT', 'DELETE'] as const) {
    it(`never sends a ${method} twice`, async () => {
      for (const reply of [answer(503), failure('ECONNRESET')]) {
        const { client, server } = open([reply, good]);
        await client.sendRequest(request(undefined, method)).catch(() => undefined);
        assert.equal(server.requests.length, 1);
      }
    });
  }

  it('sends everything once for a caller that handles every answer itself', async () => {
    const { client, server } = open([answer(503), good], { attempts: 1 });
    assert.equal((await client.sendRequest(request())).status, 503);
    assert.equal(server.requests.length, 1);
  });

  for (const status of [400, 403, 404]) {
    it(`does not take a page with HTTP ${status} for an answer of Azure, nor an empty one`, async () => {
      for (const reply of [html(status), answer(status, '')]) {
        const { client, server } = open([reply]);
        await assert.rejects(client.sendRequest(request()), {
          code: 'FOREIGN_ANSWER',
          message: /HTTP \d+ with a body that is not JSON \((text\/html|empty)\)/,
        });
        assert.equal(server.requests.length, 1);
      }
    });
  }

  for (const status of [301, 302, 307, 308]) {
    it(`does not follow a redirect with HTTP ${status}, not even one in JSON`, async () => {
      for (const reply of [html(status), answer(status, {}, { Location: 'https://evil.example/' })]) {
        const { client, server } = open([reply]);
        await assert.rejects(client.sendRequest(request()), { code: 'FOREIGN_ANSWER', message: /, a redirect, / });
        assert.equal(server.requests.length, 1);
      }
    });
  }

  it('returns refusals in JSON and challenges unchanged', async () => {
    for (const reply of [answer(403, { error: { code: 'Forbidden' } }), html(401)]) {
      const { client } = open([reply]);
      assert.ok((await client.sendRequest(request())).status > 300);
    }
  });

  it('does not look into answers where no JSON was asked for', async () => {
    const { client } = open([answer(200, '20.50.1.10')]);
    const response = await client.sendRequest(request(undefined, 'GET', { Accept: 'text/plain' }));
    assert.equal(response.bodyAsText, '20.50.1.10');
  });

  it('never quotes a body in an error: it may hold a secret', async () => {
    const { client } = open([answer(200, '{"value":"not-a-real-value-1"')]);
    await assert.rejects(client.sendRequest(request()), (error: Error) => !error.message.includes('not-a-real'));
  });

  it('requests no compression, because the SDK does not detect broken streams', async () => {
    let encoding: string | undefined;
    const { client } = open([
      (sent) => {
        encoding = sent.headers.get('Accept-Encoding');
        return good(sent);
      },
    ]);
    await client.sendRequest(request());
    assert.equal(encoding, 'identity');
  });

  it('counts requests and retries by host', async () => {
    const counted: string[] = [];
    const { client } = open([answer(503), good], {
      onAttempt: ({ host, retry }) => counted.push(`${host} ${retry ? 'again' : 'first'}`),
    });
    await client.sendRequest(request());
    assert.deepEqual(counted, ['contoso-kv.vault.azure.net first', 'contoso-kv.vault.azure.net again']);
  });

  describe('when nothing comes back', () => {
    let time: sinon.SinonFakeTimers;
    beforeEach(() => {
      time = sinon.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    });
    afterEach(() => {
      time.restore();
    });

    it('treats an attempt as lost after 30 seconds and retries', async () => {
      const { client, server } = open([silence, good]);
      const answered = client.sendRequest(request());
      await time.tickAsync(30_000);
      assert.equal((await answered).status, 200);
      assert.equal(server.requests.length, 2);
    });

    it('reports how long it has waited if no attempt is left', async () => {
      const { client } = open([silence], { attempts: 1, attemptTimeout: 5_000 });
      const rejected = assert.rejects(client.sendRequest(request()), {
        code: 'ATTEMPT_TIMEOUT',
        message: 'no complete answer within 5 s',
      });
      await time.tickAsync(5_000);
      await rejected;
    });

    it('ends at once with the reason when the step is canceled, and says who has not answered', async () => {
      const controller = new AbortController();
      const { client, clock, lines } = open([silence], { signal: controller.signal });
      const rejected = assert.rejects(client.sendRequest(request()), { message: 'the step was canceled' });
      await time.tickAsync(0);
      clock.pass(12_000);
      controller.abort(new Error('the step was canceled'));
      await rejected;
      assert.deepEqual(lines, ['info contoso-kv.vault.azure.net had not answered for 12 s.']);
    });

    it('reports once which host has not answered, regardless of the number of requests', async () => {
      const controller = new AbortController();
      const { client, clock, lines } = open([silence], { signal: controller.signal });
      const begin = (url?: string) => assert.rejects(client.sendRequest(request(url)), { message: 'canceled' });
      const rejected = [begin()];
      await time.tickAsync(0);
      clock.pass(7_000);
      rejected.push(begin(), begin(), begin('https://other-kv.vault.azure.net/secrets/a'));
      await time.tickAsync(0);
      clock.pass(5_000);
      controller.abort(new Error('canceled'));
      await Promise.all(rejected);
      assert.deepEqual(lines, [
        'info contoso-kv.vault.azure.net had not answered for 12 s.',
        'info other-kv.vault.azure.net had not answered for 5 s.',
      ]);
    });

    it("ends with the reason of the request's own signal", async () => {
      const controller = new AbortController();
      const { client } = open([silence]);
      const rejected = assert.rejects(
        client.sendRequest(Object.assign(request(), { abortSignal: controller.signal })),
        { message: 'one failed, all stop' },
      );
      await time.tickAsync(0);
      controller.abort(new Error('one failed, all stop'));
      await rejected;
    });
  });

  it('treats a body that stalls as lost', async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { 'Content-Length': 100 }).write('{"value":');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const { client } = open([silence], { attempts: 1, attemptTimeout: 100 }, createDefaultHttpClient());
    const stalled = Object.assign(request(url), { allowInsecureConnection: true });
    await assert.rejects(client.sendRequest(stalled), { code: 'ATTEMPT_TIMEOUT' });
    server.closeAllConnections();
    server.close();
  });

  it('sends nothing when the step is over already', async () => {
    const signal = AbortSignal.abort(new Error('over'));
    const { client, server } = open([good], { signal });
    await assert.rejects(client.sendRequest(request()), { message: 'over' });
    assert.equal(server.requests.length, 0);
  });
});
