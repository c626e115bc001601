import pMap from 'p-map';
import type { SecretsPorts } from './ports';
import { certificateOperationOf } from './rule';
import type { Selected } from './select';
import type { ReadOutcome, ReadRequest, SecretProperties, Vault } from './vault';

/** A selected secret and what became of reading it. */
export interface Fetched {
  readonly selected: Selected;
  /** `noPrevious`: the secret has no enabled version older than its newest. */
  readonly outcome: ReadOutcome | { readonly kind: 'noPrevious' };
}

/** So many reads at a time: enough to hide the latency, and far from the vault's limits (4000 in 10 seconds). */
const concurrency = 8;

/** Reads every selected secret, the same form of the same version only once. */
export async function fetchSelected(
  selected: readonly Selected[],
  ports: SecretsPorts,
  signal: AbortSignal,
): Promise<readonly Fetched[]> {
  const reads = new Map(selected.map((one) => [readKey(one), one]));
  const outcomes = await pMap(reads, async ([key, one]) => [key, await readOne(one, ports, signal)] as const, {
    concurrency,
    signal,
  });
  const byKey = new Map(outcomes);
  return selected.map((one) => ({ selected: one, outcome: byKey.get(readKey(one)) ?? { kind: 'missing' } }));
}

function readKey({ vault, name, rule }: Selected): string {
  return [vault, name.toLowerCase(), rule.version ?? '', wantsPem({ rule })].join(' ');
}

/** Taking a PFX apart is the vault's work: it gives a PFX-backed certificate as PEM on request. */
function wantsPem({ rule }: Pick<Selected, 'rule'>): boolean {
  const operation = certificateOperationOf(rule);
  return operation !== undefined && operation !== 'pfx';
}

async function readOne(one: Selected, ports: SecretsPorts, signal: AbortSignal): Promise<Fetched['outcome']> {
  const vault = ports.vaults.get(one.vault);
  if (vault === undefined) return { kind: 'missing' };
  const { version } = one.rule;
  const found = version === 'previous' ? await findPrevious(vault, one.name, signal) : version;
  if (version === 'previous' && found === undefined) return { kind: 'noPrevious' };
  const request: ReadRequest = {
    name: one.name,
    ...(found === undefined ? {} : { version: found }),
    ...(wantsPem(one) ? { asPem: true } : {}),
  };
  return vault.read(request, signal);
}

/** The newest enabled version that is older than the current one. Listings of versions are not in order of time. */
async function findPrevious(vault: Vault, name: string, signal: AbortSignal): Promise<string | undefined> {
  const versions: SecretProperties[] = [];
  for await (const version of vault.listVersions(name, signal)) versions.push(version);
  const [, ...older] = versions.sort((one, other) => (other.created ?? 0) - (one.created ?? 0));
  return older.find(({ enabled }) => enabled)?.version;
}
