import type { HttpClient, PipelineRequest, PipelineResponse } from '@azure/core-rest-pipeline';
import { requestMessages as messages } from '../messages/network';
import { attemptTimeoutCode, brokenBodyCode, foreignAnswerCode, jsonOf } from '../errors/fault';
import { isRetriable } from './retry-delay';
import { untilAborted } from '../until-aborted';
import type { Transport } from './transport';

/** A missing or unusable answer: `code` is the reason, `host` the host that did not answer. */
interface TransportFault extends Error {
  code: string;
  host: string;
}

/** The result of one attempt. */
export type Outcome = { readonly response: PipelineResponse } | { readonly fault: TransportFault };

/** What one attempt needs. */
interface AttemptParts {
  readonly inner: HttpClient;
  readonly transport: Transport;
  /** Milliseconds until a complete answer must have arrived. */
  readonly timeout: number;
  /** Ends the attempt; the caller gets its reason. */
  readonly signal: AbortSignal;
}

/**
 * Sends a request once. The deadline also covers a body that stalls, and a JSON answer is checked to be JSON.
 * Compressed bodies are not requested: if one is cut off, the SDK's client never settles, and Node would end the step
 * with success.
 *
 * @throws the reason of `parts.signal` or of the request's own signal, and nothing else.
 */
export async function attempt(request: PipelineRequest, host: string, parts: AttemptParts): Promise<Outcome> {
  const given = [parts.signal, ...(request.abortSignal === undefined ? [] : [request.abortSignal as AbortSignal])];
  const { signal, abort, unlink } = linked(given);
  const timer = setTimeout(() => {
    const error = new Error(messages.noCompleteAnswer(parts.timeout / 1000));
    abort(Object.assign(error, { code: attemptTimeoutCode }));
  }, parts.timeout);
  try {
    signal.throwIfAborted();
    const response = await untilAborted(parts.inner.sendRequest(prepared(request, parts.transport, signal)), signal);
    const problem = bodyProblem(request, response);
    return problem === undefined ? { response } : { fault: toFault(problem, host) };
  } catch (error) {
    for (const other of given) {
      other.throwIfAborted();
    }
    return { fault: toFault(signal.aborted ? signal.reason : error, host) };
  } finally {
    clearTimeout(timer);
    unlink();
  }
}

/**
 * A signal that is aborted with any of these. `AbortSignal.any` does the same, but each call leaves weak references on
 * the signals, which add up over a thousand requests.
 */
function linked(signals: readonly AbortSignal[]) {
  const controller = new AbortController();
  const links = signals.map((signal) => {
    const abort = () => {
      controller.abort(signal.reason);
    };
    if (signal.aborted) {
      abort();
    }
    signal.addEventListener('abort', abort, { once: true });
    return () => {
      signal.removeEventListener('abort', abort);
    };
  });
  return {
    signal: controller.signal,
    abort: (reason: Error) => {
      controller.abort(reason);
    },
    unlink: () => {
      links.forEach((unlink) => {
        unlink();
      });
    },
  };
}

function prepared(request: PipelineRequest, transport: Transport, signal: AbortSignal): PipelineRequest {
  request.headers.set('Accept-Encoding', 'identity');
  request.agent = transport(request.url, request.disableKeepAlive === true);
  return Object.assign(Object.create(request) as PipelineRequest, { abortSignal: signal, timeout: 0 });
}

/**
 * Azure answers in JSON if JSON is requested, also for refusals, and its APIs do not redirect. A proxy's page with 404
 * must not look like a missing secret, and a page with 200 must not look like an empty value. Statuses that are retried
 * and challenges are sufficient without a body.
 */
function bodyProblem(request: PipelineRequest, response: PipelineResponse): Error | undefined {
  const { status, headers, bodyAsText } = response;
  const expectsJson = (request.headers.get('Accept') ?? '').includes('json');
  const speaks = status === 202 || status === 204 || status === 401 || status >= 500 || isRetriable(status);
  if (!expectsJson || speaks || (!isRedirect(status) && isJsonObject(response))) {
    return undefined;
  }
  // The parser's own message would quote the body, which can contain a secret.
  const type = bodyAsText ? (headers.get('Content-Type') ?? messages.typeUnnamed) : messages.typeOfEmpty;
  const problem = isRedirect(status) ? messages.redirect(status) : messages.noJson(status, type);
  const code = status < 300 ? brokenBodyCode : foreignAnswerCode;
  return Object.assign(new Error(problem), { code });
}

function isRedirect(status: number): boolean {
  return status >= 300 && status < 400;
}

function isJsonObject(response: PipelineResponse): boolean {
  const value = jsonOf(response);
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function toFault(error: unknown, host: string): TransportFault {
  const known = error instanceof Error ? error : new Error(String(error));
  const code = 'code' in known && typeof known.code === 'string' ? known.code : 'REQUEST_SEND_ERROR';
  return Object.assign(known, { code, host });
}
