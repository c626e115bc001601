import pLimit from 'p-limit';
import type { SecretsPorts } from '../ports';
import { certificateOperationOf } from '../rules/rule';
import type { Selected } from './select';
import { newestBefore } from './previous-version';
import { versionMessages as messages } from '../messages/failures';
import type { ReadOutcome, ReadRequest, SecretProperties, Vault } from '../ports';

/** A selected secret and the result of reading it. */
export interface Fetched {
  readonly selected: Selected;
  /** `noPrevious`: the secret has no enabled version except the current one. */
  readonly outcome: ReadOutcome | { readonly kind: 'noPrevious' };
}

/** Reads of secrets. A read can begin before all selected secrets are known. */
export interface Reads {
  /**
   * Aborted with the first failure of a read as its reason: a failure concerns the vault, so all other reads are
   * useless.
   */
  readonly signal: AbortSignal;
  /** Begins to read a secret, unless a read of the same version in the same form was begun before. */
  readonly begin: (selected: Selected) => void;
  /**
   * The results of all of these reads.
   *
   * @throws whatever a vault throws, and the reason of an aborted signal.
   */
  readonly finish: (selected: readonly Selected[]) => Promise<readonly Fetched[]>;
}

/**
 * How many reads run at the same time. A vault lists 25 secrets per answer, so this many parallel reads keep up with
 * the listing, and a few more compensate for slow ones. A vault serves 4000 requests in 10 seconds to all of its
 * clients together; if that is exceeded, the HTTP client slows down.
 */
const width = 32;

/** Reads with the ports' vaults until the phase's signal is aborted, or until a read fails. */
export function createReads(ports: SecretsPorts, phase: AbortSignal): Reads {
  const limit = pLimit(width);
  const failed = new AbortController();
  const signal = AbortSignal.any([phase, failed.signal]);
  const outcomes = new Map<string, Promise<Fetched['outcome']>>();
  const begin = (one: Selected) => {
    const key = readKey(one);
    const begun = outcomes.get(key);
    if (begun !== undefined) return begun;
    const outcome = limit(() => readOne(one, ports, signal));
    outcomes.set(key, outcome);
    outcome.catch((error: unknown) => {
      failed.abort(error);
    });
    return outcome;
  };
  return {
    signal,
    begin: (one) => {
      void begin(one);
    },
    finish: (selected) => Promise.all(selected.map(async (one) => ({ selected: one, outcome: await begin(one) }))),
  };
}

function readKey({ vault, name, rule }: Selected): string {
  return [vault, name.toLowerCase(), rule.version ?? '', wantsPem({ rule })].join(' ');
}

/** The vault extracts PEM from a PFX: it returns a PFX-backed certificate as PEM on request. */
function wantsPem({ rule }: Pick<Selected, 'rule'>): boolean {
  const operation = certificateOperationOf(rule);
  return operation !== undefined && operation !== 'pfx';
}

async function readOne(one: Selected, ports: SecretsPorts, signal: AbortSignal): Promise<Fetched['outcome']> {
  signal.throwIfAborted();
  const vault = ports.vaults.get(one.vault);
  if (vault === undefined) return { kind: 'missing' };
  const { name, rule } = one;
  const version = rule.version === 'previous' ? await findPrevious(vault, name, signal) : { version: rule.version };
  if ('kind' in version) return version;
  const request: ReadRequest = {
    name,
    ...(version.version === undefined ? {} : { version: version.version }),
    ...(wantsPem(one) ? { asPem: true } : {}),
  };
  return vault.read(request, signal);
}

/**
 * Lists first and reads second. A version that is created in between is then not in the list, so every listed version
 * except the current one is older than it.
 */
async function findPrevious(
  vault: Vault,
  name: string,
  signal: AbortSignal,
): Promise<{ readonly version: string } | Fetched['outcome']> {
  const versions: SecretProperties[] = [];
  for await (const version of vault.listVersions(name, signal)) versions.push(version);
  const current = await vault.read({ name }, signal);
  if (current.kind === 'missing' || current.kind === 'failed') return current;
  // A disabled version returns nothing, not even its ID; but then every enabled version is older.
  const currentVersion = current.kind === 'found' ? current.secret.properties.version : undefined;
  const previous = newestBefore(currentVersion, versions);
  if (previous === undefined) return { kind: 'noPrevious' };
  return 'tied' in previous
    ? { kind: 'failed', diagnosis: { code: 'AKV-SECRET-VERSION', ...messages.tied(vault.name, name, previous.tied) } }
    : previous;
}
