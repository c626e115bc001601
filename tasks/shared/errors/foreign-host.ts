import type { Diagnosis } from './diagnosis';

/** An answer pointed the task to another host, with a `nextLink` or a redirect. */
export function foreignContinuation(host: string, asked: string): Diagnosis {
  return foreignHost(
    `A response from ${host} pointed to ${asked}; the token for ${host} was not sent there.`,
    host,
    'Azure does not do this.',
  );
}

/**
 * A vault's challenge requested a token for another resource. The SDK compares the resource with the vault's host
 * before it gets a token.
 */
export function foreignChallenge(vault: string, resource: string): Diagnosis {
  return foreignHost(
    `A response from '${vault}' requested a token for '${resource}'; none was sent.`,
    `'${vault}'`,
    'A vault requests tokens for its own cloud only.',
  );
}

function foreignHost(summary: string, server: string, expected: string): Diagnosis {
  return {
    code: 'AKV-FOREIGN-HOST',
    summary,
    cause: `${expected} Something between this agent and Azure changes the responses.`,
    remedy: [`Find the proxy or gateway that answers for ${server}, and let this agent connect without it.`],
  };
}
