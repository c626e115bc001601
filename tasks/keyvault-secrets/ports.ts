import type { Clock, Log, PipelineVariables } from '../shared/ports';
import type { Vault } from './vault';

/** Where rules with `file` put values. */
export interface SecretFiles {
  /**
   * Writes a file that only the agent's user can read, in a folder of the same kind, and gives its absolute path.
   * `relativePath` has `/` between its parts and stays inside the folder.
   */
  write(relativePath: string, bytes: Uint8Array): string;
}

/** The run's summary page. */
export interface Summary {
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
