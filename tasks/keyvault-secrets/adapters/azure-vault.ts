import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { SecretClient, type KeyVaultSecret, type SecretProperties as AzureProperties } from '@azure/keyvault-secrets';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { readFault } from '../../shared/errors/fault';
import { serviceClient } from '../../shared/http/service-client';
import { untilAborted } from '../../shared/until-aborted';
import { withRefusals } from './with-refusals';
import { createChallengeGate, type ChallengeGate } from './challenge-gate';
import { missingFromVault } from './response-shape';
import type { ReadOutcome, ReadRequest, SecretProperties, Vault } from '../ports';

/** What the adapter needs to reach one vault. */
interface VaultParts {
  readonly name: string;
  /** `https://<host>`, no trailing slash. */
  readonly url: string;
  readonly credential: TokenCredential;
  readonly client: HttpClient;
  readonly userAgent: string;
  readonly failureContext: FailureContext;
}

/** The largest page that a vault gives. */
const pageSize = 25;

/**
 * One vault by the SDK's client. Its own retries are off: the HTTP client below it repeats what is safe to repeat, and
 * sends the vault's token to the vault's host only.
 */
export function createVault(parts: VaultParts): Vault {
  const { name, url } = parts;
  const context: FailureContext = { ...parts.failureContext, vault: name };
  const gate = createChallengeGate();
  const service = serviceClient(parts.client, url, missingFromVault);
  const client = new SecretClient(url, parts.credential, {
    httpClient: gate.withGate(withRefusals(service)),
    retryOptions: { maxRetries: 0 },
    redirectOptions: { maxRetries: 0 },
    userAgentOptions: { userAgentPrefix: parts.userAgent },
  });
  const { pass } = gate;
  return {
    name,
    list: (signal) =>
      flatten(client.listPropertiesOfSecrets({ abortSignal: signal }).byPage({ maxPageSize: pageSize }), {
        pass,
        context,
        signal,
      }),
    listVersions: (secret, signal) =>
      flatten(
        client.listPropertiesOfSecretVersions(secret, { abortSignal: signal }).byPage({ maxPageSize: pageSize }),
        { pass, context, signal, isEmpty: isNotFound },
      ),
    read: (request, signal) => pass(() => read(request, client, context, signal)),
  };
}

interface Listing {
  readonly pass: ChallengeGate['pass'];
  readonly context: FailureContext;
  readonly signal: AbortSignal;
  /** Which refusal means that there is nothing to list. */
  readonly isEmpty?: (error: unknown) => boolean;
}

async function* flatten(
  pages: AsyncIterator<AzureProperties[], unknown>,
  { pass, context, signal, isEmpty = () => false }: Listing,
): AsyncGenerator<SecretProperties> {
  try {
    for (let next = pass(() => pages.next()); ;) {
      const page = await untilAborted(next, signal);
      if (page.done === true) return;
      // Asked for before anything is made of this one, because pages can only come one after another.
      next = pages.next();
      next.catch(() => undefined);
      yield* page.value.map(toProperties);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (isEmpty(error)) return;
    throw explain(error, context);
  }
}

/** Azure answers an empty list of versions for a secret that it does not have; other servers answer 404. */
function isNotFound(error: unknown): boolean {
  return readFault(error).status === 404;
}

async function read(
  { name, version, asPem }: ReadRequest,
  client: SecretClient,
  context: FailureContext,
  abortSignal: AbortSignal,
): Promise<ReadOutcome> {
  try {
    const secret = await client.getSecret(name, {
      abortSignal,
      ...(version === undefined ? {} : { version }),
      ...(asPem === true ? { outContentType: 'application/x-pem-file' as const } : {}),
    });
    return { kind: 'found', secret: toSecret(secret) };
  } catch (error) {
    abortSignal.throwIfAborted();
    return toOutcome(error, context);
  }
}

/** What concerns only this secret is an outcome; what concerns the vault as a whole is thrown. */
function toOutcome(error: unknown, context: FailureContext): ReadOutcome {
  const fault = readFault(error);
  if (fault.status === 404) {
    return { kind: 'missing' };
  }
  if (
    fault.status === 403 &&
    (fault.innerCode.toLowerCase() === 'secretdisabled' || /disabled secret/i.test(fault.message))
  ) {
    return { kind: 'disabled' };
  }
  const explained = explain(error, context);
  // A role may be given on single secrets, so a missing one need not concern the others.
  if (['AKV-RBAC', 'AKV-ACCESS-POLICY'].includes(explained.diagnosis.code) || fault.status === 400) {
    return { kind: 'failed', diagnosis: explained.diagnosis };
  }
  throw explained;
}

/** The SDK takes a value for something that may be missing. */
function toSecret({ properties, value = '' }: KeyVaultSecret): { properties: SecretProperties; value: string } {
  return { properties: toProperties(properties), value };
}

function toProperties(properties: AzureProperties): SecretProperties {
  const { name, version, enabled, notBefore, expiresOn, createdOn, contentType, certificateKeyId, tags } = properties;
  return {
    name,
    enabled: enabled !== false,
    managed: properties.managed === true || certificateKeyId !== undefined,
    tags: tags ?? {},
    ...(version === undefined || version === '' ? {} : { version }),
    ...time('notBefore', notBefore),
    ...time('expires', expiresOn),
    ...time('created', createdOn),
    ...(contentType === undefined ? {} : { contentType }),
  };
}

/** The SDK (@azure/keyvault-secrets 4.11) makes dates of seconds since 1970, but leaves a 0 as it is. */
function time<K extends string>(key: K, date: Date | undefined): Partial<Record<K, number>> {
  return date === undefined ? {} : ({ [key]: Number(date) } as Record<K, number>);
}
