import type { VariableValue } from '../job-result';
import { findMacro } from './macros';
import type { Masker } from '../log/masker';
import { isBuiltInReadOnly } from './read-only-variables';

/** A variable as a step sees it. */
export interface Variable extends VariableValue {
  /** As it was spelled when it was last set. */
  readonly name: string;
  /** Keeps its case in the environment (`preservecase=true`). */
  readonly preserveCase: boolean;
}

/** What a command or the agent sets; a secret stays secret, and a read-only variable stays read-only. */
export interface NewVariable {
  readonly name: string;
  readonly value: string;
  readonly secret?: boolean;
  readonly readOnly?: boolean;
  readonly preserveCase?: boolean;
}

/** Variables by name, whatever its case: those of the job, or those of one task (`task.settaskvariable`). */
export interface Variables {
  readonly set: (variable: NewVariable) => void;
  readonly remove: (name: string) => void;
  readonly get: (name: string) => string | undefined;
  readonly isReadOnly: (name: string) => boolean;
  readonly all: () => Variable[];
  /** Expands `$(name)` inside of values, as the agent does before every step. Returns its warnings. */
  readonly recalculate: () => string[];
}

/** Source: microsoft/azure-pipelines-agent Variables.cs. */
export function createVariables(masker: Masker): Variables {
  const written = new Map<string, Variable>();
  let expanded = new Map<string, Variable>();
  const set = (variable: NewVariable) => {
    const key = variable.name.toLowerCase();
    const before = expanded.get(key);
    const { name, value, preserveCase = false } = variable;
    const secret = variable.secret === true || before?.secret === true;
    const readOnly = variable.readOnly === true || before?.readOnly === true;
    if (secret) masker.add(value);
    const stored = { name, value, secret, readOnly, preserveCase };
    written.set(key, stored);
    expanded.set(key, stored);
  };
  const remove = (name: string) => {
    written.delete(name.toLowerCase());
    expanded.delete(name.toLowerCase());
  };
  const recalculate = () => {
    const outcome = expandAll(written);
    expanded = outcome.expanded;
    for (const name of outcome.changedSecrets) masker.add(expanded.get(name)?.value ?? '');
    return outcome.warnings;
  };
  return {
    set,
    remove,
    recalculate,
    get: (name) => expanded.get(name.toLowerCase())?.value,
    isReadOnly: (name) => {
      const variable = expanded.get(name.toLowerCase());
      return variable !== undefined && (variable.readOnly || isBuiltInReadOnly(name));
    },
    all: () => [...expanded.values()],
  };
}

interface Expansion {
  readonly expanded: Map<string, Variable>;
  /** Keys of secrets whose value differs from what was written. */
  readonly changedSecrets: string[];
  readonly warnings: string[];
}

function expandAll(written: ReadonlyMap<string, Variable>): Expansion {
  const expansion: Expansion = { expanded: new Map(written), changedSecrets: [], warnings: [] };
  for (const [key, variable] of written) {
    const outcome = expandOne(key, [], written);
    if (typeof outcome === 'string')
      expansion.warnings.push(`Unable to expand variable '${variable.name}'. ${outcome}`);
    else if (outcome.value !== variable.value) {
      expansion.expanded.set(key, { ...variable, ...outcome });
      if (outcome.secret) expansion.changedSecrets.push(key);
    }
  }
  return expansion;
}

type Expanded = Pick<Variable, 'value' | 'secret'>;

const maximumDepth = 50;

/** The value of `key` with its macros replaced, or the problem. If it contains a secret, the whole value is secret. */
function expandOne(key: string, path: readonly string[], written: ReadonlyMap<string, Variable>): Expanded | string {
  const variable = written.get(key);
  if (!variable) throw new Error(`There is no variable '${key}'.`);
  let { value, secret } = variable;
  let position = 0;
  for (let macro = findMacro(value, position); macro; macro = findMacro(value, position)) {
    const nested = macro.name.toLowerCase();
    if (!written.has(nested)) {
      position = macro.start + 1;
      continue;
    }
    if (path.length + 1 === maximumDepth) return `The max expansion depth (${maximumDepth}) was exceeded.`;
    if (nested === key || path.includes(nested)) return 'A cyclical reference was detected.';
    const inner = expandOne(nested, [...path, key], written);
    if (typeof inner === 'string') return inner;
    value = value.slice(0, macro.start) + inner.value + value.slice(macro.end);
    position = macro.start + inner.value.length;
    secret ||= inner.secret;
  }
  return { value, secret };
}
