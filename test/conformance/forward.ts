import { request } from 'node:http';
import type { Answer, SimulatedRequest } from '../../simulation/azure/http/exchange';

/** They belong to one connection, not to the answer (RFC 9110, section 7.6.1); the gateway computes the length itself. */
const ofOneConnection = ['connection', 'content-length', 'keep-alive', 'transfer-encoding'];

/** Hands a request on to a server on loopback, under the name it was sent to, and gives back its answer. */
export function forward(incoming: SimulatedRequest, port: number): Promise<Answer> {
  const { method, path, query, body } = incoming;
  const search = new URLSearchParams(query).toString();
  const headers = {
    ...without(incoming.headers),
    // TLS has ended before: a server that makes links has to know what its client sees.
    'x-forwarded-proto': 'https',
    'content-length': String(Buffer.byteLength(body)),
  };
  const target = { host: '127.0.0.1', port, method, path: search === '' ? path : `${path}?${search}`, headers };
  return new Promise((resolve, reject) => {
    const sending = request(target, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
      response.on('end', () => {
        const given = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, headers: without(Object.fromEntries(given)), body: text });
      });
    });
    sending.on('error', reject).end(body);
  });
}

function without(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !ofOneConnection.includes(name)));
}
