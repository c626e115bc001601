import type { VaultResource } from '../../simulation/azure/arm/vaults';

/** The members of a vault's firewall that the picture shows. */
export interface FirewallSight {
  readonly defaultAction: string;
  readonly rules: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** Reads them from ARM's JSON. */
export function describeFirewall(resource: Readonly<Record<string, unknown>>): FirewallSight {
  const { properties, tags } = resource as unknown as VaultResource;
  const { networkAcls } = properties as Partial<VaultResource['properties']>;
  return {
    defaultAction: networkAcls?.defaultAction ?? 'Allow',
    rules: (networkAcls?.ipRules ?? []).map(({ value }) => value),
    tags: { ...tags },
  };
}

const moments = ['before', 'during', 'after'] as const;

/** The firewall before, during and after a job as a table; what was added and removed is highlighted. */
export function renderFirewall(vault: string, sights: readonly FirewallSight[], colors: boolean): string {
  const rules = [...new Set(sights.flatMap((sight) => sight.rules))];
  const tags = [...new Set(sights.flatMap((sight) => Object.keys(sight.tags)))];
  const rows = [
    ['default action', ...sights.map((sight) => sight.defaultAction)],
    ...rules.map((rule) => [`rule ${rule}`, ...sights.map((sight) => (sight.rules.includes(rule) ? 'allowed' : '-'))]),
    ...tags.map((tag) => [`tag ${tag}`, ...sights.map((sight) => sight.tags[tag] ?? '-')]),
  ];
  const table = [[`Firewall of ${vault}`, ...moments], ...rows];
  const widths = [0, 1, 2, 3].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const lines = table.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
  const ruler = widths.map((width) => '-'.repeat(width)).join('   ');
  return [lines[0], ruler, ...lines.slice(1).map((line, index) => paint(line, rows[index] ?? [], colors))].join('\n');
}

/** Green for what was present only during the job. */
function paint(line: string, [, before, during]: readonly string[], colors: boolean): string {
  return colors && before !== during ? `[32m${line}[0m` : line;
}
