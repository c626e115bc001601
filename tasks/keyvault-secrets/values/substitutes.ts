import { valueMessages as messages } from '../messages/values';
import { variableNames, type NamingStyle } from '../names/variable-name';
import { givesSeveralFields } from '../rules/rule';
import { fixedFields, type Selected } from '../selection/select';
import type { ResolvedVariable } from './evaluate';

/**
 * The variables of a missing secret: the rule's default, which is written in the pipeline and so is no secret, or empty, so
 * that no `$(name)` stays in a script as text. None where only the value would tell the names.
 */
export function substitutes(selected: Selected, style: NamingStyle): readonly ResolvedVariable[] {
  const { rule, name: secret, star } = selected;
  if (givesSeveralFields(rule)) return [];
  const field = fixedFields(rule);
  return variableNames(rule, { secret, star, field }, style).map((name) => ({
    selected,
    properties: { name: secret, enabled: true, managed: false, tags: {} },
    name,
    field,
    text: rule.defaultText ?? '',
    formerTexts: [],
    isSecret: rule.defaultText === undefined && !rule.notSecret,
    notes: [rule.defaultText === undefined ? messages.missingNote : messages.defaultNote],
    isSubstitute: true,
  }));
}
