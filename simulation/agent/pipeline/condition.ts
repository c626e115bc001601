import type { TaskResult } from '../job-result';

/** What a condition can access. */
interface ConditionFacts {
  readonly jobStatus: TaskResult;
  /** Undefined for an unknown variable, which is compared like an empty text. */
  readonly variable: (name: string) => string | undefined;
}

type Value = string | boolean;
type Expression = (facts: ConditionFacts) => Value;

/**
 * A condition of a step, parsed: the status functions, `eq`, `ne`, `and`, `or`, `not`, `variables['x']`, `variables.x`,
 * texts in single quotes, numbers, `true` and `false`. Throws for anything else, quoting it.
 */
export function parseCondition(text: string): (facts: ConditionFacts) => boolean {
  const fail = (problem: string): never => {
    throw new Error(`Condition '${text}': ${problem}`);
  };
  const tokens = tokenize(text, fail);
  const { expression, rest } = parseExpression(tokens, fail);
  if (rest[0] !== undefined) fail(`'${rest[0]}' is unexpected.`);
  return (facts) => isTrue(expression(facts));
}

type Fail = (problem: string) => never;

interface Parsed {
  readonly expression: Expression;
  readonly rest: readonly string[];
}

function tokenize(text: string, fail: Fail): string[] {
  const tokens: string[] = [];
  const pattern = /\s*('(?:[^']|'')*'|[A-Za-z_][\w.]*|\d+|[(),[\]])/y;
  const end = text.trimEnd().length;
  while (pattern.lastIndex < end) {
    const position = pattern.lastIndex;
    const token = pattern.exec(text)?.[1];
    if (token === undefined) return fail(`'${text.slice(position).trim()}' is not understood.`);
    tokens.push(token);
  }
  return tokens;
}

function parseExpression(tokens: readonly string[], fail: Fail): Parsed {
  const [token, next] = tokens;
  if (token === undefined) return fail('it ends too early.');
  if (token.startsWith("'")) return literal(token.slice(1, -1).replaceAll("''", "'"), tokens.slice(1));
  if (/^\d/.test(token)) return literal(token, tokens.slice(1));
  if (/^(true|false)$/i.test(token)) return literal(token.toLowerCase() === 'true', tokens.slice(1));
  if (/^variables\./i.test(token)) return variable(token.slice('variables.'.length), tokens.slice(1));
  if (/^variables$/i.test(token) && next === '[') {
    const name = tokens[2] ?? '';
    if (!name.startsWith("'") || tokens[3] !== ']') fail(`a name in quotes and ']' must follow 'variables['.`);
    return variable(name.slice(1, -1), tokens.slice(4));
  }
  return next === '(' ? parseCall(token, tokens.slice(2), fail) : fail(`'${token}' is not understood.`);
}

function literal(value: Value, rest: readonly string[]): Parsed {
  return { expression: () => value, rest };
}

function variable(name: string, rest: readonly string[]): Parsed {
  return { expression: (facts) => facts.variable(name) ?? '', rest };
}

function parseCall(name: string, tokens: readonly string[], fail: Fail): Parsed {
  const parameters: Expression[] = [];
  let rest = tokens;
  while (rest[0] !== ')') {
    const parsed = parseExpression(rest, fail);
    parameters.push(parsed.expression);
    rest = parsed.rest[0] === ',' ? parsed.rest.slice(1) : parsed.rest;
    if (parsed.rest[0] !== ',' && parsed.rest[0] !== ')') fail(`')' is missing after the arguments of '${name}'.`);
  }
  const definition = functions[name.toLowerCase()] ?? fail(`there is no function '${name}' here.`);
  const [minimum, maximum] = definition.arity;
  if (parameters.length < minimum || parameters.length > maximum) fail(`'${name}' has the wrong number of arguments.`);
  return {
    expression: (facts) =>
      definition.apply(
        facts,
        parameters.map((parameter) => () => parameter(facts)),
      ),
    rest: rest.slice(1),
  };
}

interface FunctionDefinition {
  readonly arity: readonly [number, number];
  readonly apply: (facts: ConditionFacts, parameters: readonly (() => Value)[]) => boolean;
}

const status = (...results: TaskResult[]): FunctionDefinition => ({
  arity: [0, 0],
  apply: ({ jobStatus }) => results.includes(jobStatus),
});

const compare = (equal: boolean): FunctionDefinition => ({
  arity: [2, 2],
  apply: (_, [left, right]) => (textOf(left) === textOf(right)) === equal,
});

const functions: Readonly<Record<string, FunctionDefinition>> = {
  always: { arity: [0, 0], apply: () => true },
  succeeded: status('Succeeded', 'SucceededWithIssues'),
  failed: status('Failed'),
  succeededorfailed: status('Succeeded', 'SucceededWithIssues', 'Failed'),
  canceled: status('Canceled'),
  eq: compare(true),
  ne: compare(false),
  and: { arity: [2, Infinity], apply: (_, parameters) => parameters.every((parameter) => isTrue(parameter())) },
  or: { arity: [2, Infinity], apply: (_, parameters) => parameters.some((parameter) => isTrue(parameter())) },
  not: { arity: [1, 1], apply: (_, [parameter]) => !isTrue(parameter?.() ?? '') },
};

function textOf(parameter: (() => Value) | undefined): string {
  return String(parameter?.() ?? '').toLowerCase();
}

function isTrue(value: Value): boolean {
  return value !== '' && value !== false;
}
