import { targetMessages as messages } from '../messages/rules';
import { givesSeveralFields, leavesNamesToVault, type Rule } from './rule';
import type { PartMistake } from './mistake';

/** The mistake in the name after the arrow, if any. */
export function targetMistake(target: string, rule: Rule): PartMistake | undefined {
  if (target === '') return { offset: 0, ...messages.missing };
  const unusable = /[^A-Za-z0-9._*-]/u.exec(target);
  if (unusable !== null) return unusableCharacter(target, unusable);
  const stars = target.split('*').length - 1;
  if (stars > 1) return { offset: target.lastIndexOf('*'), ...messages.severalStars };
  if (stars === 1 && !hasStar(rule)) {
    const suggestion =
      rule.source.kind === 'regex' ? messages.keepInParentheses : messages.writeTarget(target.replace('*', 'NAME'));
    return { offset: target.indexOf('*'), ...messages.emptyStar, suggestion };
  }
  if (stars === 0 && leavesNamesToVault(rule)) {
    const suggestion = messages.writeTarget(`${target}_*`);
    return { offset: 0, ...messages.severalValues, ...(hasStar(rule) ? { suggestion } : {}) };
  }
  return undefined;
}

/** Whether the rule's source or field has a part that replaces the target's `*`. */
function hasStar(rule: Rule): boolean {
  if (givesSeveralFields(rule) || rule.source.kind === 'glob') return true;
  return rule.source.kind === 'regex' && hasCapture(rule.source.text);
}

/**
 * Whether an expression has a capturing group: with an added alternative that matches nothing, the engine counts the
 * groups.
 */
function hasCapture(expression: string): boolean {
  return (new RegExp(`${expression}|`).exec('')?.length ?? 1) > 1;
}

function unusableCharacter(target: string, unusable: RegExpExecArray): PartMistake {
  const fixed = target
    .replace(/^\$\((.*)\)$/, '$1')
    .replace(/^["'](.*)["']$/, '$1')
    .replace(/[^A-Za-z0-9._*-]+/g, '_');
  return { offset: unusable.index, ...messages.badCharacter(unusable[0], fixed) };
}
