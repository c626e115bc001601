/** Public services that return the address of a request. */
import { answerJson, answerText } from './exchange';
import type { Answer, SimulatedRequest } from './exchange';

/** How each host ends its answer. */
const lineEnds: Readonly<Record<string, string>> = { 'api.ipify.org': '', 'checkip.amazonaws.com': '\n' };

export function isEchoHost(host: string): boolean {
  return Object.hasOwn(lineEnds, host);
}

/** The client's address as the whole body. */
export function answerEcho({ host, query, client }: SimulatedRequest): Answer {
  if (query.format === 'json') return answerJson(200, { ip: client.address });
  return answerText(200, `${client.address}${lineEnds[host] ?? ''}`);
}
