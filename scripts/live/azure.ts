import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  type HttpMethods,
} from '@azure/core-rest-pipeline';
import type { Principal } from '../agent/real-azure';

export interface Reply {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  readonly text: string;
  /** The body as JSON; `{}` if it is not JSON. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly milliseconds: number;
}

export interface Call {
  readonly token?: string;
  /** Sent as JSON; a text is sent unchanged as a form. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One request on a separate connection, through the proxy of the environment. Repeated after 429 and 5xx. */
export type Send = (method: HttpMethods, url: string, call?: Call) => Promise<Reply>;

/** @param signal - ends every request. */
export function createSend(signal: AbortSignal): Send {
  const client = createDefaultHttpClient();
  const pipeline = createPipelineFromOptions({ redirectOptions: { maxRetries: 0 } });
  return async (method, url, { token, body, headers = {} } = {}) => {
    const isForm = typeof body === 'string';
    const contentType = isForm ? 'application/x-www-form-urlencoded' : 'application/json';
    const request = createPipelineRequest({
      url,
      method,
      abortSignal: signal,
      disableKeepAlive: true,
      headers: createHttpHeaders({
        ...headers,
        ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'Content-Type': contentType }),
      }),
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const started = performance.now();
    const response = await pipeline.sendRequest(client, request);
    const text = response.bodyAsText ?? '';
    return {
      status: response.status,
      header: (name) => response.headers.get(name),
      text,
      json: parse(text),
      milliseconds: Math.round(performance.now() - started),
    };
  };
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** The identity in an access token. */
export interface Identity {
  readonly objectId: string;
  readonly tenantId: string;
}

/** Reads a token that Entra has just issued. */
export function identityIn(token: string): Identity {
  const { oid, tid } = parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  return { objectId: String(oid), tenantId: String(tid) };
}

/** A token of the identity that is signed in to the Azure CLI. @throws Error with the message of the CLI. */
export async function cliToken(resource: string, subscription: string): Promise<string> {
  const args = ['account', 'get-access-token', '--resource', resource, '--subscription', subscription];
  // On Windows, az is a script, which only a shell can start.
  const options = { shell: process.platform === 'win32' };
  const { stdout } = await promisify(execFile)('az', [...args, '--output', 'json'], options).catch((error: unknown) => {
    throw new Error(`The Azure CLI gives no token: ${(error as Error).message}`, { cause: error });
  });
  return (JSON.parse(stdout) as { accessToken: string }).accessToken;
}

/** A token of the service principal. @throws Error with Entra's message. */
export async function principalToken(send: Send, principal: Principal, resource: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: principal.clientId,
    client_secret: principal.clientSecret,
    scope: `${resource}/.default`,
  });
  const url = `https://login.microsoftonline.com/${principal.tenantId}/oauth2/v2.0/token`;
  const { json } = await send('POST', url, { body: form.toString() });
  if (typeof json.access_token !== 'string') {
    throw new Error(`The service principal gets no token: ${String(json.error_description ?? json.error)}`);
  }
  return json.access_token;
}
