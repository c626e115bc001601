import { createDefaultHttpClient } from '@azure/core-rest-pipeline';
import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import type { Clock, Log, Random } from './host';
import { attemptTimeoutCode, brokenBodyCode, delayBeforeRetry } from './retry';
import type { Transport } from './transport';

/** What the HTTP client is made of. */
export interface HttpClientParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends every request and every wait; its reason is what the caller gets. */
  readonly signal: AbortSignal;
  /** False for a caller that makes something of every answer, also of a failed one. */
  readonly retries?: boolean;
  /** Counts requests and retries for the step's report. */
  readonly onAttempt?: (attempt: { readonly host: string; readonly retry: boolean }) => void;
}

/** An answer that is none: its `code` says why, `host` who gave it. */
export interface TransportFault extends Error {
  code: string;
  host: string;
}

const attemptTimeout = 30_000;

/**
 * The one HTTP client below every SDK client of a step. It adds what they lack: a deadline for each attempt that also
 * covers a stalled body, retries of whatever is safe to repeat (with a cool-down all requests to a host share after a
 * 429), and a check that a JSON answer is one. Compressed bodies are not asked for: the SDK's client never settles
 * when one is cut in the middle, and Node would then end the step green.
 */
export function createHttpClient(parts: HttpClientParts): HttpClient {
  const inner = createDefaultHttpClient();
  const coolDowns = new Map<string, number>();
  return {
    async sendRequest(request) {
      const host = new URL(request.url).host;
      for (let attempts = 1; ; attempts += 1) {
        await parts.clock.sleep(Math.max(0, (coolDowns.get(host) ?? 0) - parts.clock.monotonic()), parts.signal);
        parts.onAttempt?.({ host, retry: attempts > 1 });
        const outcome = await attempt(request, inner, parts);
        const wait = parts.retries !== false && isRepeatable(request) ? delayFor(outcome, attempts, parts) : undefined;
        if (wait === undefined) {
          return settle(outcome);
        }
        parts.log.debug(`${host}: ${describe(outcome)}; attempt ${attempts + 1} in ${Math.round(wait)} ms`);
        if ('response' in outcome && outcome.response.status === 429) {
          coolDowns.set(host, parts.clock.monotonic() + wait);
        }
        await parts.clock.sleep(wait, parts.signal);
      }
    },
  };
}

type Outcome = { readonly response: PipelineResponse } | { readonly fault: TransportFault };

/** Token requests are repeatable though they are POSTs: they change nothing. A write to a vault never is. */
function isRepeatable(request: PipelineRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'POST';
}

async function attempt(request: PipelineRequest, inner: HttpClient, parts: HttpClientParts): Promise<Outcome> {
  const host = new URL(request.url).host;
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort(
      Object.assign(new Error(`no complete answer within ${attemptTimeout / 1000} s`), { code: attemptTimeoutCode }),
    );
  }, attemptTimeout);
  const given = request.abortSignal === undefined ? [] : [request.abortSignal as AbortSignal];
  const signal = AbortSignal.any([parts.signal, timeout.signal, ...given]);
  try {
    const response = await raced(inner.sendRequest(prepared(request, parts.transport, signal)), signal);
    const problem = bodyProblem(request, response);
    return problem === undefined ? { response } : { fault: fault(new Error(problem), brokenBodyCode, host) };
  } catch (error) {
    parts.signal.throwIfAborted();
    for (const other of given) {
      other.throwIfAborted();
    }
    const cause: unknown = timeout.signal.aborted ? timeout.signal.reason : error;
    return { fault: fault(cause, 'REQUEST_SEND_ERROR', host) };
  } finally {
    clearTimeout(timer);
  }
}

function prepared(request: PipelineRequest, transport: Transport, signal: AbortSignal): PipelineRequest {
  request.headers.set('Accept-Encoding', 'identity');
  request.agent = transport(request.url, request.disableKeepAlive === true);
  return Object.assign(Object.create(request) as PipelineRequest, { abortSignal: signal, timeout: 0 });
}

function raced<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', stop, { once: true });
    work.then(resolve, reject).finally(() => {
      signal.removeEventListener('abort', stop);
    });
  });
}

/** A success whose body should be JSON and is not comes from something between us and Azure, or was cut. */
function bodyProblem(request: PipelineRequest, response: PipelineResponse): string | undefined {
  const expectsJson = (request.headers.get('Accept') ?? '').includes('json');
  const text = response.bodyAsText ?? '';
  if (!expectsJson || response.status >= 300 || text === '') {
    return undefined;
  }
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    // The parser's own message would quote the body, which may hold a secret.
    return `HTTP ${response.status} with a body that is not JSON (${response.headers.get('Content-Type') ?? 'no content type'})`;
  }
}

function fault(error: unknown, fallbackCode: string, host: string): TransportFault {
  const known = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in known && typeof known.code === 'string' ? known.code : fallbackCode;
  return Object.assign(known, { code, host });
}

function delayFor(outcome: Outcome, attempts: number, parts: HttpClientParts): number | undefined {
  const now = parts.clock.now();
  if ('fault' in outcome) {
    return delayBeforeRetry({ attempts, errorCode: outcome.fault.code, now }, parts.random);
  }
  const { status, headers } = outcome.response;
  const retryAfter = headers.get('Retry-After');
  return delayBeforeRetry({ attempts, status, now, ...(retryAfter === undefined ? {} : { retryAfter }) }, parts.random);
}

function settle(outcome: Outcome): PipelineResponse {
  if ('fault' in outcome) {
    throw outcome.fault;
  }
  return outcome.response;
}

function describe(outcome: Outcome): string {
  return 'fault' in outcome ? `${outcome.fault.code} (${outcome.fault.message})` : `HTTP ${outcome.response.status}`;
}

/**
 * The same client for one host only. A bearer token must not follow a redirect or a `nextLink` to anywhere else, so a
 * request to another host fails before it is sent.
 */
export function confineTo(host: string, client: HttpClient): HttpClient {
  return {
    sendRequest(request) {
      const asked = new URL(request.url).host;
      if (asked.toLowerCase() !== host.toLowerCase()) {
        return Promise.reject(new Error(`refused to send a token of ${host} to ${asked}`));
      }
      return client.sendRequest(request);
    },
  };
}
