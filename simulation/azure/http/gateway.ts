/** Between HTTP and the services: reads a request, applies its fault, records it, and sends the answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';

import { answerJson } from './exchange';
import type { Answer, Client, Service, SimulatedRequest } from './exchange';
import type { FaultEffect, Faults } from './faults';
import type { Journal } from './journal';

/** A client's connection to one host, through the proxy. */
export interface Connection {
  readonly number: number;
  readonly earlierConnections: number;
  readonly host: string;
  readonly service: Service;
  readonly client: Client;
  /** Answer headers that a system between client and service removes; lower case. */
  readonly strippedHeaders: readonly string[];
  /** The TCP connection under the TLS one. */
  readonly socket: Socket;
}

interface GatewayPorts {
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly answer: (request: SimulatedRequest) => Promise<Answer>;
}

/** Serves one HTTP request of a connection, to the end. */
export async function serveRequest(
  ports: GatewayPorts,
  connection: Connection,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const request = await readRequest(connection, incoming);
  const complete = ports.journal.enter(request, ports.now());
  const { effect, answer } = await meetFault(ports, request);
  if (answer === undefined || effect === 'reset-after') {
    if (effect !== 'hang') connection.socket.resetAndDestroy();
    return;
  }
  const delivered = stripHeaders(answer, connection.strippedHeaders);
  complete(delivered, typeof effect === 'object' && 'status' in effect);
  send(request, outgoing, withDate(delivered, ports.now()), effect);
}

interface Outcome {
  readonly effect: FaultEffect | undefined;
  /** Undefined when the request did not reach the service. */
  readonly answer: Answer | undefined;
}

/** A bug of the simulation, or of a test's own functions, must not look like one of Azure's errors. */
async function meetFault(ports: GatewayPorts, request: SimulatedRequest): Promise<Outcome> {
  try {
    const effect = ports.faults.meet(request);
    const reached = effect !== 'reset-before' && effect !== 'hang';
    return { effect, answer: reached ? await obtainAnswer(ports, request, effect) : undefined };
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { effect: undefined, answer: answerJson(500, { error: { code: 'SimulationDefect', message } }) };
  }
}

async function obtainAnswer(
  ports: GatewayPorts,
  request: SimulatedRequest,
  effect: FaultEffect | undefined,
): Promise<Answer> {
  if (typeof effect === 'object' && 'status' in effect) {
    return { status: effect.status, headers: effect.headers ?? {}, body: effect.body ?? '' };
  }
  const answer = await ports.answer(request);
  if (typeof effect === 'object' && 'delayMs' in effect) await ports.sleep(effect.delayMs);
  if (typeof effect === 'object' && 'until' in effect) await effect.until;
  return typeof effect === 'object' && 'alter' in effect ? effect.alter(answer) : answer;
}

async function readRequest(connection: Connection, incoming: IncomingMessage): Promise<SimulatedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [path, query] = splitOnce(incoming.url ?? '', '?');
  const headers = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)] as const);
  return {
    service: connection.service,
    method: incoming.method ?? '',
    host: connection.host,
    path,
    query: Object.fromEntries(new URLSearchParams(query)),
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks).toString(),
    client: connection.client,
    connection: connection.number,
    earlierConnections: connection.earlierConnections,
  };
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** The time of the simulated Azure's clock, not of the host's. */
function withDate(answer: Answer, now: number): Answer {
  return { ...answer, headers: { date: new Date(now).toUTCString(), ...answer.headers } };
}

function stripHeaders(answer: Answer, names: readonly string[]): Answer {
  return {
    ...answer,
    headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !names.includes(name))),
  };
}

/** ARM compresses for clients that accept it, which makes an answer that is cut off hard to detect. */
function send(
  request: SimulatedRequest,
  outgoing: ServerResponse,
  { status, headers, body }: Answer,
  effect: FaultEffect | undefined,
): void {
  const zipped =
    request.service === 'arm' && body !== '' && (request.headers['accept-encoding'] ?? '').includes('gzip');
  const bytes = zipped ? gzipSync(body) : Buffer.from(body);
  const encoding = zipped ? { 'content-encoding': 'gzip', vary: 'Accept-Encoding' } : {};
  outgoing.writeHead(status, { ...headers, ...encoding, 'content-length': bytes.length });
  if (effect !== 'truncate' && effect !== 'stall') {
    outgoing.end(bytes);
    return;
  }
  outgoing.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => {
    if (effect === 'truncate') outgoing.destroy();
  });
}
