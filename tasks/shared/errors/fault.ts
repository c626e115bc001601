/** A success whose body is not the JSON that was asked for: cut, or from something between us and Azure. */
export const brokenBodyCode = 'BROKEN_BODY';
/** No complete answer within the time of one attempt. */
export const attemptTimeoutCode = 'ATTEMPT_TIMEOUT';
/** A refusal that is not the JSON in which Azure refuses: another attempt would meet the same proxy again. */
export const foreignAnswerCode = 'FOREIGN_ANSWER';
/** Error code of a proxy that refused to open a tunnel. */
export const proxyRefusedCode = 'PROXY_REFUSED';
/** Error code of a proxy that requires a name and a password, or others (HTTP 407). */
export const proxyAuthenticationCode = 'PROXY_AUTHENTICATION';

/** What an error of the SDKs, of Node or of this project's HTTP client says, in one shape. */
export interface Fault {
  /** HTTP status of the answer, when there was one. */
  readonly status?: number;
  /** `error.code` of the answer's body, or Node's error code when there was no answer. */
  readonly code: string;
  /** `error.innererror.code` of the answer's body, trimmed. */
  readonly innerCode: string;
  /** The server's words, else those of the SDK, of Node or of this project's HTTP client. */
  readonly message: string;
  /** The words in the JSON of an answer; absent when there was no such answer. */
  readonly said?: string;
  readonly requestId?: string;
  /** The host that was asked. */
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

/** The members of the errors of @azure/core-rest-pipeline and of Node that matter here. All may be missing. */
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

/** Reads whatever an error carries; never throws. */
export function readFault(error: unknown): Fault {
  const foreign: ForeignError = typeof error === 'object' && error !== null ? error : { message: String(error) };
  const { details } = foreign;
  // Azure's own services send an object; OAuth servers, and some of other makers, a text (RFC 6749 §5.2).
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

/** An HTTP answer as the SDK's clients give it. */
interface Answer {
  readonly status: number;
  readonly bodyAsText?: string | null;
  readonly headers: { get(name: string): string | undefined };
  readonly request: { readonly url: string };
}

/** The error of an answer to a request that was sent past the SDK's own models, in the shape of the SDK's errors. */
export function answerError(answer: Answer): Error {
  const { status, request } = answer;
  return Object.assign(new Error(`HTTP ${status}`), {
    statusCode: status,
    request,
    response: answer,
    details: jsonOf(answer),
  });
}

/** So that each answer is parsed once, however many layers look at it. */
const parsed = new WeakMap<object, unknown>();

/** The JSON of an answer's body, or `undefined` when it is none. It is shared, and so must not be changed. */
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
