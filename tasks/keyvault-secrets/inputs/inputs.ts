import { DiagnosedError } from '../../shared/errors/diagnosis';
import type { StepInputs } from '../../shared/ports';
import { stepInputMessages } from '../../shared/messages/inputs';
import { inputReader, type InputReader } from './input-reader';
import { inputMessages as messages } from '../messages/inputs';
import { rulesError } from '../rules/mistake';
import { parseRules } from '../rules/parse';
import { variableNamings } from '../names/variable-name';
import { missingPolicies } from '../policies/policies';
import { expiredPolicies } from '../selection/validity';
import type { SecretsInputs } from '../settings';
import { parseTagFilter } from './tag-filter';
import { parseVaults } from './vault-reference';

/**
 * Reads all inputs. An empty input has its default.
 *
 * @throws DiagnosedError with all mistakes of all inputs at once: `AKV-INPUT`, or `AKV-RULES` when only the rules are wrong.
 */
export function readInputs(inputs: StepInputs): SecretsInputs {
  const problems: string[] = [];
  const read = inputReader(inputs, problems);
  const vaults = parseVaults(read.text('keyVaultName'));
  addProblems(problems, 'keyVaultName', read.isResolved('keyVaultName') ? vaults.problems : []);
  const tags = parseTagFilter(read.text('tagFilter'));
  addProblems(problems, 'tagFilter', read.isResolved('tagFilter') ? tags.problems : []);
  // With a wrong list of vaults, every rule that names one would look wrong too.
  const names = vaults.problems.length > 0 ? [] : vaults.vaults.map(({ name }) => name);
  const { mistakes, ...secretsFilter } = parseRules(inputs.text('secretsFilter') || '*', names);
  const result: SecretsInputs = Object.freeze({
    keyVaultName: vaults.vaults,
    secretsFilter,
    variableNaming: read.choice('variableNaming', variableNamings),
    variablePrefix: readPrefix(read, problems),
    tagFilter: tags.conditions,
    includeCertificates: read.truth('includeCertificates', true),
    missingSecrets: read.choice('missingSecrets', missingPolicies),
    expiredSecrets: read.choice('expiredSecrets', expiredPolicies),
    expiryWarningDays: read.count('expiryWarningDays', { fallback: 14, least: 0, most: 3650 }),
    outputVariables: read.truth('outputVariables', false),
    publishSummary: read.truth('publishSummary', false),
    dryRun: read.truth('dryRun', false),
    timeoutInSeconds: read.count('timeoutInSeconds', { fallback: 300, least: 1, most: 86_400 }),
  });
  throwMistakes(problems, mistakes.length === 0 ? undefined : rulesError(mistakes));
  return result;
}

function throwMistakes(problems: readonly string[], rules: DiagnosedError | undefined): void {
  if (problems.length === 0 && rules !== undefined) throw rules;
  if (problems.length === 0) return;
  throw new DiagnosedError({
    code: 'AKV-INPUT',
    summary: [
      messages.wrongInputs(problems.length),
      ...problems.map((problem) => `  ${problem}`),
      ...(rules === undefined ? [] : [rules.diagnosis.summary]),
    ].join('\n'),
    remedy: [messages.correctInputs, ...(rules?.diagnosis.remedy ?? [])],
  });
}

function addProblems(problems: string[], input: string, found: readonly string[]): void {
  problems.push(...found.map((problem) => stepInputMessages.problemOf(input, problem)));
}

function readPrefix(read: InputReader, problems: string[]): string {
  const prefix = read.text('variablePrefix');
  if (/^[A-Za-z0-9._-]*$/.test(prefix) || !read.isResolved('variablePrefix')) return prefix;
  addProblems(problems, 'variablePrefix', [messages.unusablePrefix(prefix)]);
  return prefix;
}
