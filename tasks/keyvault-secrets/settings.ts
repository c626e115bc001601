import type { ProxyChoice } from '../shared/inputs/proxy-choice';
import type { VaultReference } from '../shared/inputs/vault-reference';
import type { VariableNaming } from './names/variable-name';
import type { MissingPolicy } from './policies/missing-policy';
import type { Rules } from './rules/rule';
import type { TagCondition } from './selection/tag-condition';
import type { SecretsFile } from './secrets-file/format';
import type { ExpiredPolicy } from './selection/validity';

/** The inputs of KeyVaultSecrets@1 that its core needs, read and checked. Names are those of task.json. */
export interface SecretsInputs {
  /** At least one. */
  readonly keyVaultName: readonly VaultReference[];
  readonly secretsFilter: Rules;
  readonly variableNaming: VariableNaming;
  readonly variablePrefix: string;
  readonly tagFilter: readonly TagCondition[];
  readonly includeCertificates: boolean;
  readonly missingSecrets: MissingPolicy;
  readonly expiredSecrets: ExpiredPolicy;
  /** Days; 0 is off. */
  readonly expiryWarningDays: number;
  readonly outputVariables: boolean;
  /** Absent without the input `secretsFile`. The format is from `secretsFileFormat`, or from the file's extension. */
  readonly secretsFile: SecretsFile | undefined;
  readonly publishSummary: boolean;
  readonly dryRun: boolean;
  readonly proxy: ProxyChoice;
  /** Seconds for the whole step. */
  readonly timeoutInSeconds: number;
}
