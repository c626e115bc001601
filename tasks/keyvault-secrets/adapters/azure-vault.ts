import type { TokenCredential } from '@azure/core-auth';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { SecretClient, type KeyVaultSecret, type SecretProperties as AzureProperties } from '@azure/keyvault-secrets';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { readFault } from '../../shared/errors/fault';
import { serviceClient } from '../../shared/http/clients';
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

/** The largest page size that a vault allows. */
const pageSize = 25;

/**
 * One vault, through the SDK's client. Its own retries are off: the HTTP client below it repeats what is safe to
 * repeat, and sends the vault's token only to the vault's host.
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
  /** The refusal that means that there is nothing to list. */
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
      // Requested before this page is processed, because pages can only be read one after another.
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

/** Azure returns an empty list of versions for a secret that does not exist; other servers return 404. */
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

/** A refusal of this secret alone is an outcome; a refusal of the vault as a whole is thrown. */
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
  // A role can be assigned on single secrets, so a missing role can be limited to this one.
  if (['AKV-RBAC', 'AKV-ACCESS-POLICY'].includes(explained.diagnosis.code) || fault.status === 400) {
    return { kind: 'failed', diagnosis: explained.diagnosis };
  }
  throw explained;
}

/** The SDK's type says that a value can be missing. */
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

/**
 * The SDK (@azure/keyvault-secrets 4.11) converts seconds since 1970 to dates, except for 0, which it leaves as it is.
 */
function time<K extends string>(key: K, date: Date | undefined): Partial<Record<K, number>> {
  return date === undefined ? {} : ({ [key]: Number(date) } as Record<K, number>);
}
