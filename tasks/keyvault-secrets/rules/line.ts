import { operationMessages } from '../messages/operations';
import { defaultMessages } from '../messages/rule-head';
import { ruleMessages as messages } from '../messages/rules';
import { parseRuleHead, type RuleHead } from './head';
import { isPattern, leavesNamesToVault, type Exclusion, type Operation, type Rule } from './rule';
import type { PartMistake, PlacedMistake } from './mistake';
import { checkOperations, parseOperation, type PlacedOperation } from './operations';
import type { Part } from './scanner';
import { targetMistake } from './target';

/** The parsed rule or exclusion. It is used only if there is no mistake. */
export interface ParsedRule {
  readonly rule?: Rule;
  readonly exclusion?: Exclusion;
  readonly mistakes: readonly PlacedMistake[];
}

/** Reads one rule or exclusion from its parts: the head, then operations and the target. Never throws. */
export function parseRule(head: Part, rest: readonly Part[], vaults: readonly string[]): ParsedRule {
  const parsed = parseRuleHead(head.text, vaults);
  const operations = rest.filter(({ separator }) => separator === '|').map(readOperation);
  const mistakes = [...operations.flatMap(({ mistake }) => mistake ?? []), ...separatorMistakes(rest)];
  if ('mistake' in parsed) return { mistakes: [place(parsed.mistake, head.column), ...mistakes] };
  if (parsed.exclusion) return makeExclusion(parsed, head, rest, mistakes);
  const placed = operations.flatMap(({ operation }) => operation ?? []);
  const target = rest.find(({ separator }) => separator === '->');
  const rule = makeRule(parsed, [head, ...rest], placed, target);
  mistakes.push(
    ...checkOperations(placed, parsed.field !== undefined),
    ...patternMistakes(rule, placed),
    ...defaultMistakes(rule, head, placed),
  );
  const badTarget = target === undefined ? undefined : targetMistake(target.text, rule);
  if (target !== undefined && badTarget !== undefined) mistakes.push(place(badTarget, target.column));
  return { rule, mistakes };
}

function place({ offset, ...mistake }: PartMistake, column: number): PlacedMistake {
  return { ...mistake, column: column + offset };
}

function readOperation(part: Part): { readonly operation?: PlacedOperation; readonly mistake?: PlacedMistake } {
  const operation = parseOperation(part.text);
  if ('mistake' in operation) return { mistake: place(operation.mistake, part.column) };
  return { operation: { operation, column: part.column } };
}

/** Commas, second arrows, and operations after the target. */
function separatorMistakes(rest: readonly Part[]): readonly PlacedMistake[] {
  const arrow = rest.findIndex(({ separator }) => separator === '->');
  return rest.flatMap(({ separator, separatorColumn: column }, index) => {
    if (separator === ',') return [{ column, ...messages.severalRules }];
    if (arrow === -1 || index <= arrow) return [];
    return [{ column, ...(separator === '->' ? messages.secondTarget : messages.operationAfterTarget) }];
  });
}

function makeExclusion(
  { version, optional, field, vault, source, defaultText }: RuleHead,
  head: Part,
  rest: readonly Part[],
  mistakes: readonly PlacedMistake[],
): ParsedRule {
  const exclusion = vault === undefined ? { source } : { vault, source };
  const isPure = [version, field, defaultText].every((part) => part === undefined) && !optional && rest.length === 0;
  if (isPure) return { exclusion, mistakes };
  return { mistakes: [...mistakes, { column: head.column, ...messages.noPureExclusion }] };
}

function makeRule(
  { vault, source, version, optional, field, defaultText }: RuleHead,
  parts: readonly Part[],
  placed: readonly PlacedOperation[],
  target: Part | undefined,
): Rule {
  return {
    text: parts
      .map(({ separator, text }) => (separator === '' || separator === ',' ? text : `${separator} ${text}`))
      .join(' '),
    ...(vault === undefined ? {} : { vault }),
    source,
    ...(version === undefined ? {} : { version }),
    optional,
    ...(field === undefined ? {} : { field }),
    ...(defaultText === undefined ? {} : { defaultText }),
    operations: placed.flatMap(({ operation }): Operation[] => (operation.kind === 'notSecret' ? [] : [operation])),
    notSecret: placed.some(({ operation }) => operation.kind === 'notSecret'),
    ...(target === undefined ? {} : { target: target.text }),
  };
}

/**
 * A default is the variable's whole value. Therefore, the rule must set exactly one variable and have no operations.
 */
function defaultMistakes(rule: Rule, head: Part, placed: readonly PlacedOperation[]): readonly PlacedMistake[] {
  if (rule.defaultText === undefined) return [];
  if (leavesNamesToVault(rule)) return [{ column: head.column, ...defaultMessages.ofPattern }];
  return placed
    .filter(({ operation }) => operation.kind !== 'notSecret')
    .map(({ column }) => ({ column, ...defaultMessages.withOperation }));
}

/** Operations that make sense only for one secret. */
function patternMistakes(rule: Rule, placed: readonly PlacedOperation[]): readonly PlacedMistake[] {
  return placed.flatMap(({ operation, column }) => {
    if (operation.kind === 'notSecret' && isPattern(rule)) {
      return [{ column, ...operationMessages.notSecretOfPattern }];
    }
    if (operation.kind === 'file' && operation.path !== undefined && leavesNamesToVault(rule)) {
      return [{ column, ...operationMessages.onePathForSeveral }];
    }
    return [];
  });
}
