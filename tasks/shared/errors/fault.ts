/** A success whose body is not the requested JSON: incomplete, or from a system between the agent and Azure. */
export const brokenBodyCode = 'BROKEN_BODY';
/** No complete answer within the time of one attempt. */
export const attemptTimeoutCode = 'ATTEMPT_TIMEOUT';
/** A refusal that is not in Azure's JSON format: another attempt would get the same answer from the proxy. */
export const foreignAnswerCode = 'FOREIGN_ANSWER';
/** Error code of a proxy that refused to open a tunnel. */
export const proxyRefusedCode = 'PROXY_REFUSED';
/** Error code of a proxy that requires a user name and password, or other ones (HTTP 407). */
export const proxyAuthenticationCode = 'PROXY_AUTHENTICATION';

/** The content of an error of the SDKs, of Node or of this project's HTTP client, in one shape. */
export interface Fault {
  /** HTTP status of the answer, when there was one. */
  readonly status?: number;
  /** `error.code` of the answer's body, or Node's error code when there was no answer. */
  readonly code: string;
  /** `error.innererror.code` of the answer's body, trimmed. */
  readonly innerCode: string;
  /** The server's message, otherwise that of the SDK, of Node or of this project's HTTP client. */
  readonly message: string;
  /** The message in the JSON of an answer; absent if there was no such answer. */
  readonly said?: string;
  readonly requestId?: string;
  /** The host of the request. */
  readonly host?: string;
  /** Answer's `Retry-After` header. */
  readonly retryAfter?: string;
}

interface Body {
  code?: unknown;
  message?: unknown;
  innerError?: { code?: unknown };
  innererror?: { code?: unknown };
}

/**
 * The members of the errors of @azure/core-rest-pipeline and of Node that are used here. All of them can be missing.
 */
interface ForeignError {
  code?: unknown;
  status?: unknown;
  statusCode?: unknown;
  message?: unknown;
  host?: unknown;
  hostname?: unknown;
  request?: { url?: unknown };
  response?: { headers?: { get?: (name: string) => string | undefined } };
  details?: { error?: Body | string; error_description?: unknown } | undefined;
}

/** Reads the content of any error; never throws. */
export function readFault(error: unknown): Fault {
  const foreign: ForeignError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const { details } = foreign;
  // Azure's own services send an object; OAuth servers and some servers of other vendors send a text (RFC 6749 §5.2).
  const body = typeof details?.error === 'object' ? details.error : undefined;
  const said = text(body?.message) || text(details?.error_description) || text(details?.error);
  const header = (name: string) => foreign.response?.headers?.get?.(name);
  const status = [foreign.statusCode, foreign.status].find((value) => typeof value === 'number');
  return {
    code: text(body?.code) || text(foreign.code),
    innerCode: text(body?.innerError?.code ?? body?.innererror?.code).trim(),
    message: said || text(foreign.message),
    ...(said === '' ? {} : { said }),
    ...optional('status', status),
    ...optional('requestId', header('x-ms-request-id')),
    ...optional('host', hostOf(foreign)),
    ...optional('retryAfter', header('Retry-After')),
  };
}

function hostOf({ host, hostname, request }: ForeignError): string | undefined {
  const url = text(request?.url);
  return text(host) || text(hostname) || (URL.canParse(url) ? new URL(url).host : undefined);
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function optional<K extends string, V>(key: K, value: V | undefined): Partial<Record<K, V>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, V>);
}

/** An HTTP answer as the SDK's clients return it. */
interface Answer {
  readonly status: number;
  readonly bodyAsText?: string | null;
  readonly headers: { get(name: string): string | undefined };
  readonly request: { readonly url: string };
}

/** The error of an answer to a request that was sent without the SDK's own models, in the shape of the SDK's errors. */
export function answerError(answer: Answer): Error {
  const { status, request } = answer;
  return Object.assign(new Error(`HTTP ${status}`), {
    statusCode: status,
    request,
    response: answer,
    details: jsonOf(answer),
  });
}

/** Parses each answer once, for all layers. */
const parsed = new WeakMap<object, unknown>();

/** The JSON of an answer's body, or `undefined` if it is not JSON. The result is shared and must not be changed. */
export function jsonOf(answer: Pick<Answer, 'bodyAsText'>): unknown {
  if (!parsed.has(answer)) {
    parsed.set(answer, parse(answer.bodyAsText ?? ''));
  }
  return parsed.get(answer);
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
