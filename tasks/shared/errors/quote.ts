import type { FailureContext } from './explanation';
import type { Fault } from './fault';

/** A refusal with the caller, the action and the scope in it has about 600 characters. */
const longest = 800;

/**
 * Azure's own message on one line, as users type it into a search box; `undefined` if Azure has not answered. Text that
 * the agent masks in logs is replaced by its name, and a token that a server sends back is removed.
 */
export function quoteAzure(fault: Fault, context: FailureContext): string | undefined {
  const { status, code, innerCode, said } = fault;
  const signIn = /AADSTS\d+:[^]*?(?=\s*(?:Trace ID|Correlation ID|Timestamp):|$)/.exec(fault.message)?.[0];
  if (signIn === undefined && said === undefined) {
    return undefined;
  }
  const codes = [status === undefined ? '' : `HTTP ${status}`, code, innerCode === '' ? '' : `(${innerCode})`];
  const prefix = signIn === undefined ? codes.filter((part) => part !== '').join(' ') : '';
  const words = onOneLine(nameMasked(signIn ?? said ?? '', context));
  return [prefix, words.length > longest ? `${words.slice(0, longest)}...` : words].filter(Boolean).join(': ');
}

/** Parameters of a service connection that the agent masks. */
function nameMasked(text: string, { clientId, federation }: FailureContext): string {
  const names: readonly (readonly [string | undefined, string])[] = [
    [federation?.subject, '<subject>'],
    [federation?.issuer, '<issuer>'],
    [clientId, '<application id>'],
  ];
  return names
    .reduce((rest, [value, name]) => (value ? rest.replaceAll(value, name) : rest), text)
    .replace(/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<token>');
}

function onOneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
