import { findMacros } from '../../shared/inputs/macro';
import { ruleMessages as messages } from '../messages/rules';
import type { Rules } from './rule';
import { parseRule, type ParsedRule } from './line';
import type { PlacedMistake, RuleMistake } from './mistake';
import { scanLine, type Part } from './scanner';

/**
 * Reads the whole input `secretsFilter`: does not stop at the first mistake and does not throw. `vaults` are the names
 * of the step's vaults in lower case, which are allowed before a colon; if empty, all names are allowed.
 */
export function parseRules(
  text: string,
  vaults: readonly string[],
): Rules & { readonly mistakes: readonly RuleMistake[] } {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trimEnd());
  const parsed = lines.map((line) => parseLine(line, vaults));
  const rules = parsed.flat().flatMap(({ rule }) => rule ?? []);
  const exclusions = parsed.flat().flatMap(({ exclusion }) => exclusion ?? []);
  const mistakes = parsed.flatMap((line, index) =>
    line
      .flatMap((rule) => rule.mistakes)
      .sort((one, other) => one.column - other.column)
      .map((mistake) => ({ ...mistake, line: index + 1, text: lines[index] ?? '' })),
  );
  if (rules.length === 0 && mistakes.length === 0) {
    mistakes.push({ line: 1, column: 1, ...messages.noRule, text: lines[0] ?? '' });
  }
  return { rules, exclusions, mistakes };
}

function parseLine(line: string, vaults: readonly string[]): readonly ParsedRule[] {
  const parts = scanLine(line);
  const unresolved = unresolvedVariables(parts);
  if (unresolved.length > 0) return [{ mistakes: unresolved }];
  const [head, ...rest] = parts;
  const isMapping = rest.some(({ separator }) => separator === '->' || separator === '|');
  if (head !== undefined && isMapping) return [parseRule(head, rest, vaults)];
  // AzureKeyVault@2 ignores empty entries of its comma-separated list. So does this task.
  return parts.filter((part) => part.text !== '').map((part) => parseRule(part, [], vaults));
}

/** The agent leaves `$(x)` unchanged if no variable has that name. Later code could not interpret it. */
function unresolvedVariables(parts: readonly Part[]): readonly PlacedMistake[] {
  return parts.flatMap((part) =>
    findMacros(part.text).map(({ name, index }) => {
      const isTarget = part.separator === '->' && part.text === `$(${name})`;
      const mistake = isTarget ? messages.targetAsMacro(name) : messages.variableUndefined(name);
      return { column: part.column + index, ...mistake };
    }),
  );
}
