/** A minimal client that reaches the simulation in the same way as the tasks: CONNECT through the proxy, then TLS. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { request as requestPlain } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { Duplex } from 'node:stream';
import { connect } from 'node:tls';

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; undefined if it is not JSON. */
  readonly json: unknown;
}

export interface Call {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as a form, when there is no `json`. */
  readonly form?: Readonly<Record<string, string>>;
}

export interface TunnelClient {
  /** One request; connections are kept alive and used again. */
  send(url: string, call?: Call): Promise<Reply>;
  /** Closes the connections. */
  close(): void;
}

interface TunnelOptions {
  readonly proxyUrl: string;
  readonly caFile: string;
  readonly credentials?: { readonly username: string; readonly password: string };
}

/** A client with its own connections. @throws Error when the proxy refuses the tunnel or the answer is cut short. */
export function createTunnelClient(options: TunnelOptions): TunnelClient {
  const ca = readFileSync(options.caFile, 'utf8');
  const agent = new Agent({ keepAlive: true });
  agent.createConnection = (target, done) => {
    openTunnel(options, String(target.host)).then(
      (socket) => done?.(null, connect({ socket, servername: String(target.host), ca })),
      (error: unknown) => done?.(error as Error, undefined as unknown as Duplex),
    );
    return undefined;
  };
  return {
    send: (url, call = {}) => sendThrough(agent, url, call),
    close: () => {
      agent.destroy();
    },
  };
}

function openTunnel({ proxyUrl, credentials }: TunnelOptions, host: string): Promise<Duplex> {
  const pair = `${credentials?.username ?? ''}:${credentials?.password ?? ''}`;
  const headers =
    credentials === undefined ? {} : { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
  return new Promise((resolve, reject) => {
    const connecting = requestPlain(proxyUrl, { method: 'CONNECT', path: `${host}:443`, headers });
    connecting.on('connect', ({ statusCode }, socket) => {
      if (statusCode === 200) resolve(socket);
      else reject(new Error(`The proxy answers CONNECT ${host} with ${String(statusCode)}`));
    });
    connecting.on('error', reject).end();
  });
}

function sendThrough(agent: Agent, url: string, call: Call): Promise<Reply> {
  const { type, body } = encodeBody(call);
  const entity = body === '' ? {} : { 'content-type': type, 'content-length': String(Buffer.byteLength(body)) };
  const { method = 'GET', headers = {} } = call;
  return new Promise((resolve, reject) => {
    const sending = request(url, { agent, method, headers: { ...entity, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, json: parseJson(text) });
      });
    });
    sending.on('error', reject).end(body);
  });
}

function encodeBody({ json, form }: Call): { type: string; body: string } {
  if (json !== undefined) return { type: 'application/json', body: JSON.stringify(json) };
  return {
    type: 'application/x-www-form-urlencoded',
    body: form === undefined ? '' : new URLSearchParams(form).toString(),
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
