import { DiagnosedError } from '../errors/diagnosis';
import { connectionMessages as messages } from '../messages/connection';
import type { EndpointReader } from '../ports';
import { mayBeOverwritten, readExactly } from './environment';

/** The service connections of the step, as the agent gives them: two JSON objects for each. */
export const endpoints: EndpointReader = {
  scheme: (id) => authorizationOf(id).scheme,
  parameter: (id, name) => memberOf(authorizationOf(id).parameters, name),
  data: (id, name) => memberOf(jsonObject(readExactly(`ENDPOINT_DATA_${id}`)), name),
};

/**
 * Refuses what a variable of the job may have replaced.
 *
 * @throws DiagnosedError AKV-CONNECTION.
 */
export function requireGenuine(...names: readonly string[]): void {
  const overwritten = names.find(mayBeOverwritten);
  if (overwritten !== undefined) {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...messages.overwritten(overwritten) });
  }
}

/** The same for everything that is read from a service connection. */
export function requireGenuineConnection(id: string): void {
  const key = id.toLowerCase();
  requireGenuine(`ENDPOINT_AUTH_${key}`, `ENDPOINT_DATA_${key}`);
}

function authorizationOf(id: string): { readonly scheme: string; readonly parameters: Record<string, unknown> } {
  const authorization = jsonObject(readExactly(`ENDPOINT_AUTH_${id}`));
  return { scheme: memberOf(authorization, 'scheme'), parameters: asObject(authorization.parameters) };
}

function jsonObject(text: string): Record<string, unknown> {
  try {
    return asObject(JSON.parse(text || '{}'));
  } catch {
    // The parser's own message would quote the text, which contains a secret.
    return {};
  }
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** The server's names are not case-sensitive. */
function memberOf(object: Record<string, unknown>, name: string): string {
  const key = Object.keys(object).find((one) => one.toLowerCase() === name.toLowerCase());
  const value = key === undefined ? undefined : object[key];
  return typeof value === 'string' ? value : '';
}
