import { parseProxyChoice } from '../../shared/inputs/proxy-choice';
import { createInputReader, throwMistakes, type Parsed } from '../../shared/inputs/reader';
import { parseVault, readVaults } from '../../shared/inputs/vault-reference';
import type { StepInputs } from '../../shared/ports';
import { inputMessages as messages } from '../messages/inputs';
import { rulesError } from '../rules/mistake';
import { parseRules } from '../rules/parse';
import { variableNamings } from '../names/variable-name';
import { missingPolicies } from '../policies/missing-policy';
import { expiredPolicies } from '../selection/validity';
import type { SecretsInputs } from '../settings';
import { readSecretsFile } from './secrets-file';
import { parseTagFilter } from './tag-filter';

/**
 * Reads all inputs. An empty input has its default.
 *
 * @throws DiagnosedError with all mistakes of all inputs at once: `AKV-INPUT`, or `AKV-RULES` when only the rules are wrong.
 */
export function readInputs(inputs: StepInputs): SecretsInputs {
  const read = createInputReader(inputs);
  const vaults = readVaults(read, parseVault);
  // If the list of vaults is wrong, every rule with a vault's name would look wrong too.
  const names = read.problems.length > 0 ? [] : vaults.map(({ name }) => name);
  const { mistakes, ...secretsFilter } = parseRules(inputs.text('secretsFilter') || '*', names);
  const result: SecretsInputs = Object.freeze({
    keyVaultName: vaults,
    secretsFilter,
    variableNaming: read.choice('variableNaming', variableNamings),
    variablePrefix: read.parsed('variablePrefix', '', parsePrefix),
    tagFilter: read.parsed('tagFilter', [], parseTagFilter),
    includeCertificates: read.truth('includeCertificates', true),
    missingSecrets: read.choice('missingSecrets', missingPolicies),
    expiredSecrets: read.choice('expiredSecrets', expiredPolicies),
    expiryWarningDays: read.count('expiryWarningDays', { fallback: 14, least: 0, most: 3650 }),
    outputVariables: read.truth('outputVariables', false),
    secretsFile: readSecretsFile(read),
    publishSummary: read.truth('publishSummary', false),
    dryRun: read.truth('dryRun', false),
    proxy: read.parsed('proxy', 'agent', parseProxyChoice),
    timeoutInSeconds: read.count('timeoutInSeconds', { fallback: 300, least: 1, most: 86_400 }),
  });
  throwMistakes(read.problems, mistakes.length === 0 ? undefined : rulesError(mistakes));
  return result;
}

function parsePrefix(prefix: string): Parsed<string> {
  return /^[A-Za-z0-9._-]*$/.test(prefix) ? { value: prefix } : { problems: [messages.unusablePrefix(prefix)] };
}
