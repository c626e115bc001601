import type { Clock, Log, PipelineVariables } from '../shared/ports';
import type { Diagnosis } from '../shared/errors/diagnosis';

/** What the vault reports about a secret, except for its value. Times are milliseconds since 1970. */
export interface SecretProperties {
  /** The name as the vault spells it; names are case-insensitive. */
  readonly name: string;
  /** 32 hex digits; absent in a listing of secrets (as opposed to one of versions). */
  readonly version?: string;
  readonly enabled: boolean;
  /** `nbf`: informational, the vault returns the value before this time too. */
  readonly notBefore?: number;
  /** `exp`: informational, the vault returns the value after this time too. */
  readonly expires?: number;
  readonly created?: number;
  readonly contentType?: string;
  /** True when the secret belongs to a Key Vault certificate; its value is then that certificate and its key. */
  readonly managed: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

/** A secret with its value. */
export interface Secret {
  readonly properties: SecretProperties;
  readonly value: string;
}

/** The result of one read. Failures of single secrets are data: the caller applies its policies. */
export type ReadOutcome =
  | { readonly kind: 'found'; readonly secret: Secret }
  | { readonly kind: 'missing' }
  | { readonly kind: 'disabled' }
  | { readonly kind: 'failed'; readonly diagnosis: Diagnosis };

/** One read of one secret. */
export interface ReadRequest {
  readonly name: string;
  /** 32 hex digits; absent for the current version. */
  readonly version?: string;
  /** Ask the vault to give the value of a PFX-backed certificate as PEM (`outContentType`). */
  readonly asPem?: boolean;
}

/**
 * Port to one vault. Implementations retry what is worth retrying and observe the step's time limit. They throw a
 * `DiagnosedError` that concerns the vault as a whole (firewall, token, network), or the reason of an aborted signal.
 */
export interface Vault {
  /** The vault's name, for messages. */
  readonly name: string;
  /** All secrets of the vault, page after page, in the vault's order. Needs the permission to list. */
  list(signal: AbortSignal): AsyncIterable<SecretProperties>;
  /** All versions of one secret, in the vault's order, which is not by time. Needs the permission to list. */
  listVersions(name: string, signal: AbortSignal): AsyncIterable<SecretProperties>;
  /** Reads one secret. Needs the permission to get, and no other. */
  read(request: ReadRequest, signal: AbortSignal): Promise<ReadOutcome>;
}

/** Where rules with `file` write values. */
export interface SecretFiles {
  /**
   * Writes a file that only the agent's user can read, in a folder with the same permissions, and returns its absolute
   * path. `relativePath` has `/` between its parts and stays inside the folder.
   */
  write(relativePath: string, bytes: Uint8Array): string;
}

/** The run's summary page. */
interface Summary {
  publish(markdown: string): void;
}

/** The number of requests to Azure so far. */
export interface Traffic {
  readonly requests: number;
  readonly retries: number;
}

/** All ports that KeyVaultSecrets@1 uses. */
export interface SecretsPorts {
  readonly log: Log;
  readonly variables: PipelineVariables;
  readonly clock: Clock;
  /** By name in lower case; one for each vault of the input `keyVaultName`. */
  readonly vaults: ReadonlyMap<string, Vault>;
  readonly files: SecretFiles;
  readonly summary: Summary;
  readonly traffic: () => Traffic;
}
