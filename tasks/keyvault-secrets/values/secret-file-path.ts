import { isDevice } from '../rules/device-name';
import { renderPath } from '../rules/field-path';
import { certificateOperationOf, type CertificateOperation } from '../rules/rule';
import type { Selected } from '../selection/select';

const endings: Record<CertificateOperation, string> = {
  pem: '.pem',
  cert: '.cert.pem',
  key: '.key.pem',
  chain: '.chain.pem',
  pfx: '.pfx',
};

/**
 * Where `file` without a path puts a value, below the step's own folder: `my-kv/tls-cert.key.pem`. Names that no file
 * can have are made usable: those of JSON fields, and those of vaults and secrets that Windows takes for devices.
 */
export function filePathOf(selected: Selected, field: readonly string[]): string {
  const { rule, vault, name } = selected;
  const operation = certificateOperationOf(rule);
  const path = field.length > 0 ? field.join('.') : renderPath(rule.field ?? []);
  const pieces = [name, rule.version, path].filter((piece) => piece !== undefined && piece !== '');
  const base = pieces.join('.').replace(/[^A-Za-z0-9._-]+/g, '_');
  return [vault, `${base}${operation === undefined ? '' : endings[operation]}`].map(avoidDevice).join('/');
}

function avoidDevice(segment: string): string {
  return isDevice(segment) ? `_${segment}` : segment;
}
