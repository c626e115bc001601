import { attemptTimeoutCode, brokenBodyCode } from '../errors/fault';
import type { Random } from '../ports';

/** The result of one attempt, as far as it matters for retries. */
interface FailedAttempt {
  /** How many attempts have failed, including this one. */
  readonly attempts: number;
  /** HTTP status of the answer, when there was one. */
  readonly status?: number;
  /** Node's error code (`ECONNRESET`, ...) or one of this project's, if there was no usable answer. */
  readonly errorCode?: string;
  /** The answer's `Retry-After` header. */
  readonly retryAfter?: string;
  /** Wall-clock time, needed if `Retry-After` is a date. */
  readonly now: number;
}

/** The maximum number of attempts. */
export const mostAttempts = 7;
const firstDelay = 500;
const longestDelay = 16_000;

/**
 * Key Vault's 429 often comes without `Retry-After`, and its guidance is exponential back-off of 1, 2, 4, 8, 16 s
 * (learn.microsoft.com, "Azure Key Vault throttling guidance"); the SDK retries neither that nor EAI_AGAIN and EPIPE.
 */
const retriableStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);
const retriableErrors = new Set([
  'ECONNRESET',
  'ECONNREFUSED',
  'ECONNABORTED',
  'ETIMEDOUT',
  'ESOCKETTIMEDOUT',
  'EAI_AGAIN',
  'EPIPE',
  'REQUEST_SEND_ERROR',
  'PARSE_ERROR',
  brokenBodyCode,
  attemptTimeoutCode,
]);

/** True for a status after which the same request may succeed. */
export function isRetriable(status: number): boolean {
  return retriableStatuses.has(status);
}

/**
 * How long to wait before the next attempt, in milliseconds, or `undefined` if another attempt is useless. Full jitter,
 * so that parallel jobs do not retry at the same time. The wait is never shorter than `Retry-After`, and can be longer
 * than the caller's remaining time, which the caller checks.
 */
export function delayBeforeRetry(failed: FailedAttempt, random: Random): number | undefined {
  const retriable =
    failed.status === undefined ? retriableErrors.has(failed.errorCode ?? '') : isRetriable(failed.status);
  if (!retriable || failed.attempts >= mostAttempts) {
    return undefined;
  }
  const asked = parseRetryAfter(failed.retryAfter, failed.now);
  if (asked !== undefined) {
    // Otherwise all jobs that were refused together would retry together, and immediately after a 0.
    return asked + (0.5 + random() / 2) * firstDelay;
  }
  const backOff = Math.min(longestDelay, firstDelay * 2 ** failed.attempts);
  return backOff / 4 + (random() * backOff * 3) / 4;
}

/** The date format of HTTP; JavaScript's own parser also accepts texts such as `-5`. */
const httpDate = /^(mon|tue|wed|thu|fri|sat|sun), \d{1,2} [a-z]{3} \d{4} \d{2}:\d{2}:\d{2} gmt$/i;

/** `Retry-After` in milliseconds from `now`: a number of seconds or an HTTP date (RFC 9110 §10.2.3), else `undefined`. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  const text = header?.trim() ?? '';
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = httpDate.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
