import { proxyInputMessages as messages } from '../messages/inputs';
import type { Parsed } from './reader';

/** The input `proxy`: the agent's own, none, or the address of one, `http://host:port`. */
export type ProxyChoice = 'agent' | 'none' | `${'http' | 'https'}://${string}`;

/** Reads the input `proxy`. */
export function parseProxyChoice(text: string): Parsed<ProxyChoice> {
  const word = (['agent', 'none'] as const).find((one) => one === text.toLowerCase());
  if (word !== undefined) return { value: word };
  const url = /^https?:\/\//i.test(text) && URL.canParse(text) ? new URL(text) : undefined;
  return url?.href === `${url?.origin ?? ''}/`
    ? { value: url.origin as ProxyChoice }
    : { problems: [messages.noProxy(text)] };
}
