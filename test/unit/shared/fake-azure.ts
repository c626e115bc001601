import { createHttpHeaders, createPipelineRequest } from '@azure/core-rest-pipeline';
import type { HttpClient, HttpMethods, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock } from '../../../tasks/shared/ports';

/** What a fake server does with one request. */
export type Reply = (request: PipelineRequest) => Promise<PipelineResponse>;

/**
 * A server that answers each request with the next entry of a script, and after the last entry always with that one.
 */
interface FakeServer {
  readonly client: HttpClient;
  /** The requests in their order, as they were sent. */
  readonly requests: readonly { readonly method: string; readonly url: string; readonly authorization: string }[];
}

/** An answer; a `body` that is not text is sent as JSON. */
export function answer(status: number, body: unknown = {}, headers: Record<string, string> = {}): Reply {
  const bodyAsText = typeof body === 'string' ? body : JSON.stringify(body);
  return (request) => Promise.resolve({ request, status, headers: createHttpHeaders(headers), bodyAsText });
}

/** A failure of the network with Node's code for it. */
export function failure(code: string): Reply {
  return () => Promise.reject(Object.assign(new Error(`${code} of the network`), { code }));
}

/** No answer and no error, not even if the request is aborted. */
export const silence: Reply = () => new Promise(() => undefined);

export function fakeServer(...script: readonly [Reply, ...Reply[]]): FakeServer {
  const requests: { method: string; url: string; authorization: string }[] = [];
  return {
    requests,
    client: {
      sendRequest: (request) => {
        const reply = script[Math.min(requests.length, script.length - 1)] ?? silence;
        const { method, url, headers } = request;
        requests.push({ method, url, authorization: headers.get('Authorization') ?? '' });
        return reply(request);
      },
    },
  };
}

/** A request as the SDK's clients make it. */
export function request(
  url = 'https://contoso-kv.vault.azure.net/secrets/a',
  method: HttpMethods = 'GET',
  headers: Record<string, string> = {},
): PipelineRequest {
  return createPipelineRequest({ url, method, headers: createHttpHeaders({ Accept: 'application/json', ...headers }) });
}

/** A clock whose sleeps take no time, and the list of them. */
export interface FakeClock extends Clock {
  readonly sleeps: readonly number[];
  /** Lets time pass. */
  pass(milliseconds: number): void;
}

export function fakeClock(start = Date.parse('2026-03-01T12:00:00Z')): FakeClock {
  const sleeps: number[] = [];
  let passed = 0;
  return {
    sleeps,
    now: () => start + passed,
    monotonic: () => passed,
    sleep: (milliseconds, signal) => {
      if (signal.aborted) {
        return Promise.reject(signal.reason as Error);
      }
      if (milliseconds > 0) {
        sleeps.push(milliseconds);
        passed += milliseconds;
      }
      return Promise.resolve();
    },
    pass: (milliseconds) => {
      passed += milliseconds;
    },
  };
}
