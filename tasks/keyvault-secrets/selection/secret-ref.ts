import { renderPath } from '../rules/field-path';
import type { Selected } from './select';

/** A selected secret as messages name it: `my-kv:db-config.password`, with version and field if the rule has them. */
export function secretRef({ vault, name, rule }: Selected): string {
  const version = rule.version === undefined ? '' : `/${rule.version}`;
  const path = rule.field === undefined ? '' : renderPath(rule.field);
  return `${vault}:${name}${version}${path === '' ? '' : path.startsWith('[') ? path : `.${path}`}`;
}
