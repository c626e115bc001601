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
  /** Ends every request and every wait; its reason is what the caller gets. */
  readonly signal: AbortSignal;
  /** No wait is begun that would end after it. */
  readonly deadline: Deadline;
  /** How often a request is sent at most; 1 for a caller that makes something of every answer. */
  readonly attempts?: number;
  /** Milliseconds until an attempt has to have its complete answer. */
  readonly attemptTimeout?: number;
  /** Counts requests and retries for the step's report. */
  readonly onAttempt?: (attempt: { readonly host: string; readonly retry: boolean }) => void;
}

/** With less than this left, in milliseconds, another attempt would end in the step's time limit, which explains less. */
const leastAttempt = 2_000;

/**
 * The same client with what the SDK's lacks: a time limit for each attempt, retries of whatever is safe to repeat (with a
 * cool-down that all requests to a host share after a 429, and fewer of them at a time), and a check that a JSON answer is
 * one. It never waits for what cannot happen within the step's time: then the last answer is the answer.
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
        // One hiccup is the network's usual day; what happens again may be what the step waits for in the end.
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

/** Token requests are repeatable though they are POSTs: they change nothing. A write to a vault never is. */
function isRepeatable(request: PipelineRequest): boolean {
  return request.method === 'GET' || request.method === 'HEAD' || request.method === 'POST';
}

/**
 * The step's time limit cannot know what was being waited for; the log says it, once for each host: the request that has
 * waited longest is the first to be stopped.
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
    // Not of a request that the end of the phase, or the failure of another one, has stopped.
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
