import { certificateOperationOf, type CertificateOperation } from './rule';
import { renderPath } from './json-field';
import type { Selected } from './select';

const endings: Record<CertificateOperation, string> = {
  pem: '.pem',
  cert: '.cert.pem',
  key: '.key.pem',
  chain: '.chain.pem',
  pfx: '.pfx',
};

/**
 * Where `file` without a path puts a value, below the step's own folder: `my-kv/tls-cert.key.pem`. The name of a vault
 * or a secret is a safe file name everywhere; that of a JSON field is made one.
 */
export function filePathOf(selected: Selected, field: readonly string[]): string {
  const { rule, vault, name } = selected;
  const operation = certificateOperationOf(rule);
  const path = field.length > 0 ? field.join('.') : renderPath(rule.field ?? []);
  const pieces = [name, rule.version, path].filter((piece) => piece !== undefined && piece !== '');
  const base = pieces.join('.').replace(/[^A-Za-z0-9._-]+/g, '_');
  return `${vault}/${base}${operation === undefined ? '' : endings[operation]}`;
}
