import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { attempt, type Outcome } from './attempt';
import type { Clock, Deadline, Log, Random } from '../ports';
import { requestMessages as messages } from '../messages/network';
import { createThrottle } from './throttle';
import { delayBeforeRetry, mostAttempts } from './retry-delay';
import type { Transport } from './transport';

/** What attempts and retries need. */
export interface RetryParts {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends all requests and waits; the caller gets its reason. */
  readonly signal: AbortSignal;
  /** A wait that would end after this time is not started. */
  readonly deadline: Deadline;
  /** The maximum number of attempts; 1 for a caller that handles every answer itself. */
  readonly attempts?: number;
  /** Milliseconds until an attempt must have its complete answer. */
  readonly attemptTimeout?: number;
  /** Counts requests and retries for the step's report. */
  readonly onAttempt?: (attempt: { readonly host: string; readonly retry: boolean }) => void;
}

/** Milliseconds. With less time left, another attempt would reach the step's time limit, which explains less. */
const leastAttempt = 2_000;

/**
 * The same client with features that the SDK's client lacks: a time limit for each attempt, retries of all requests
 * that are safe to repeat (after a 429, all requests to the host share a pause, and fewer run at the same time), and a
 * check that a JSON answer is JSON. It does not start a wait that ends after the step's time limit: then the last
 * answer is the result.
 */
export function withRetries(inner: HttpClient, parts: RetryParts): HttpClient {
  const { clock, log, signal, attempts: most = mostAttempts } = parts;
  const attemptParts = { inner, transport: parts.transport, timeout: parts.attemptTimeout ?? 30_000, signal };
  const throttle = createThrottle(parts);
  const silent = new Set<string>();
  return {
    async sendRequest(request) {
      const { host } = new URL(request.url);
      for (let attempts = 1; ; attempts += 1) {
        const outcome = await throttle.enter(host, () => {
          parts.onAttempt?.({ host, retry: attempts > 1 });
          return logUnanswered(() => attempt(request, host, attemptParts), host, silent, parts);
        });
        const wait = attempts < most && isRepeatable(request) ? delayFor(outcome, attempts, parts) : undefined;
        if (wait === undefined || wait + leastAttempt > parts.deadline.timeLeft()) {
          return responseOf(outcome);
        }
        // One failure is normal in a network. A repeated failure can be what the step waits for until the end, so it
        // is logged.
        log[attempts === 1 ? 'debug' : 'info'](
          messages.nextAttempt(host, describe(outcome), attempts + 1, Math.round(wait)),
        );
        if ('response' in outcome && outcome.response.status === 429) {
          throttle.onThrottled(host, wait);
        }
        await clock.sleep(wait, signal);
      }
    },
  };
}

/**
 * Token requests can be repeated although they are POST requests, because they change nothing. Writes to a vault are
 * not repeated.
 */
function isRepeatable(request: PipelineRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'POST';
}

/**
 * The step's time limit does not know which request was pending. The log shows it, once for each host: the request that
 * has waited longest is stopped first.
 */
async function logUnanswered(
  work: () => Promise<Outcome>,
  host: string,
  silent: Set<string>,
  parts: RetryParts,
): Promise<Outcome> {
  const begun = parts.clock.monotonic();
  try {
    return await work();
  } catch (error) {
    // Not for a request that was stopped by the end of the phase or by the failure of another request.
    if (parts.signal.aborted && (error as Error).name !== 'AbortError' && !silent.has(host)) {
      silent.add(host);
      const seconds = Math.round((parts.clock.monotonic() - begun) / 1000);
      parts.log.info(messages.unanswered(host, seconds));
    }
    throw error;
  }
}

function delayFor(outcome: Outcome, attempts: number, { clock, random }: RetryParts): number | undefined {
  const now = clock.now();
  if ('fault' in outcome) {
    return delayBeforeRetry({ attempts, errorCode: outcome.fault.code, now }, random);
  }
  const { status, headers } = outcome.response;
  const retryAfter = headers.get('Retry-After');
  return delayBeforeRetry({ attempts, status, now, ...(retryAfter === undefined ? {} : { retryAfter }) }, random);
}

function responseOf(outcome: Outcome): PipelineResponse {
  if ('fault' in outcome) {
    throw outcome.fault;
  }
  return outcome.response;
}

function describe(outcome: Outcome): string {
  return 'fault' in outcome ? `${outcome.fault.code} (${outcome.fault.message})` : `HTTP ${outcome.response.status}`;
}
