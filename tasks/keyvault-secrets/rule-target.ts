import { givesSeveralFields, type Rule } from './rule';
import type { PartMistake } from './rule-mistake';

/** What is wrong with the name after the arrow, if anything. */
export function targetMistake(target: string, rule: Rule): PartMistake | undefined {
  if (target === '') return { offset: 0, message: "the name of the variable is missing after '->'" };
  const unusable = /[^A-Za-z0-9._*-]/u.exec(target);
  if (unusable !== null) return unusableCharacter(target, unusable);
  const stars = target.split('*').length - 1;
  if (stars > 1) return { offset: target.lastIndexOf('*'), message: "a target has at most one '*'" };
  const several = rule.source.kind !== 'name' || givesSeveralFields(rule);
  if (stars === 1 && !hasStar(rule)) {
    const suggestion =
      rule.source.kind === 'regex'
        ? 'Put the part to keep in parentheses.'
        : `Write '-> ${target.replace('*', 'NAME')}'.`;
    return { offset: target.indexOf('*'), message: "'*' in the target has nothing to stand for", suggestion };
  }
  if (stars === 0 && several) {
    const suggestion = `Write '-> ${target}_*'.`;
    return { offset: 0, message: 'one variable cannot hold several values', ...(hasStar(rule) ? { suggestion } : {}) };
  }
  return undefined;
}

/** Whether something in the rule's source or field can give the target's `*` its text. */
function hasStar(rule: Rule): boolean {
  if (givesSeveralFields(rule) || rule.source.kind === 'glob') return true;
  return rule.source.kind === 'regex' && hasCapture(rule.source.text);
}

/** Whether an expression has a group that captures; one more alternative that matches nothing lets the engine count. */
function hasCapture(expression: string): boolean {
  return (new RegExp(`${expression}|`).exec('')?.length ?? 1) > 1;
}

function unusableCharacter(target: string, unusable: RegExpExecArray): PartMistake {
  const fixed = target
    .replace(/^\$\((.*)\)$/, '$1')
    .replace(/^["'](.*)["']$/, '$1')
    .replace(/[^A-Za-z0-9._*-]+/g, '_');
  const message = `'${unusable[0]}' cannot be in the name of a variable`;
  const suggestion = `Use letters, digits, dot, dash and underscore; did you mean '${fixed}'?`;
  return { offset: unusable.index, message, suggestion };
}
