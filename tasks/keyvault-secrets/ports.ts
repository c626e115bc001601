import type { Clock, Log, PipelineVariables } from '../shared/ports';
import type { Diagnosis } from '../shared/errors/diagnosis';

/** What the vault tells of a secret without its value. Times are milliseconds since 1970. */
export interface SecretProperties {
  /** The name as the vault spells it; names are case-insensitive. */
  readonly name: string;
  /** 32 hex digits; absent in a listing of secrets (as opposed to one of versions). */
  readonly version?: string;
  readonly enabled: boolean;
  /** `nbf`: informational, the vault serves the value before it too. */
  readonly notBefore?: number;
  /** `exp`: informational, the vault serves the value after it too. */
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

/** What became of one read. Failures of single secrets are data: the caller decides by its policies. */
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
 * Port to one vault. Implementations retry what is worth retrying and keep to the step's time; what they throw is a
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

/** Where rules with `file` put values. */
export interface SecretFiles {
  /**
   * Writes a file that only the agent's user can read, in a folder of the same kind, and gives its absolute path.
   * `relativePath` has `/` between its parts and stays inside the folder.
   */
  write(relativePath: string, bytes: Uint8Array): string;
}

/** The run's summary page. */
interface Summary {
  publish(markdown: string): void;
}

/** What the step has asked of Azure so far. */
export interface Traffic {
  readonly requests: number;
  readonly retries: number;
}

/** Everything that KeyVaultSecrets@1 sees of the world. */
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
