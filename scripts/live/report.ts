import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Assumption } from './assumptions';
import type { Finding, Measurements } from './findings';
import type { Leftover } from './removal';

/** All results of a run of the live check. */
export interface Report {
  readonly date: string;
  readonly subscription: string;
  readonly location: string;
  /** Why the run ended early; undefined when it did not. */
  readonly interruption: string | undefined;
  readonly findings: readonly Finding[];
  readonly measurements: Measurements;
  /** Entries of the register that were not verified, and why. */
  readonly unverified: readonly { readonly id: string; readonly reason: string }[];
  readonly leftovers: readonly Leftover[];
}

/** The entries of the register that the run did not verify. */
export function unverified(register: readonly Assumption[], findings: readonly Finding[]): Report['unverified'] {
  const seen = new Set(findings.map(({ id }) => id));
  return register
    .filter(({ id }) => !seen.has(id))
    .map(({ id, liveCheck }) => ({
      id,
      reason: liveCheck === 'yes' ? 'the run ended before' : liveCheck.replace(/^no, /, ''),
    }));
}

/** Whether everything that had to be verified is true, and nothing remains. */
export function isGood({ interruption, findings, unverified: rest, leftovers }: Report): boolean {
  const isComplete = rest.every(({ reason }) => reason !== 'the run ended before');
  return interruption === undefined && isComplete && findings.every(({ holds }) => holds) && leftovers.length === 0;
}

/** The report as Markdown. */
export function toMarkdown(report: Report): string {
  const { date, subscription, location, interruption, findings, measurements, leftovers } = report;
  const rows = [...findings].sort((one, other) => Number(one.holds) - Number(other.holds));
  const sections = [
    `# Live check of ${date}: ${isGood(report) ? 'passed' : 'FAILED'}\n\nSubscription ${subscription}, ${location}.`,
    ...(interruption === undefined ? [] : [`The run ended early: ${interruption}`]),
    table(
      'Verified',
      ['Assumption', 'Result', 'Evidence'],
      rows.map(({ id, holds, evidence }) => [id, holds ? 'holds' : '**does not hold**', evidence]),
    ),
    table(
      'Measured',
      ['What', 'Time in ms'],
      Object.entries(measurements).map(([what, time]) => [what, String(time)]),
    ),
    table(
      'Not verified',
      ['Assumption', 'Reason'],
      report.unverified.map(({ id, reason }) => [id, reason]),
    ),
    ...(leftovers.length === 0
      ? []
      : [
          table(
            'Not removed',
            ['What', 'Command', 'Reason'],
            leftovers.map(({ what, command, reason }) => [what, `\`${command}\``, reason]),
          ),
        ]),
  ];
  return `${sections.join('\n\n')}\n`;
}

function table(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replace(/\s+/g, ' ')).join(' | ')} |`;
  return [`## ${title}`, '', line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Writes `live-check.md` and `live-check.json`. Returns their folder. */
export async function writeReport(report: Report, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'live-check.md'), toMarkdown(report));
  await writeFile(
    join(folder, 'live-check.json'),
    `${JSON.stringify({ ...report, passed: isGood(report) }, undefined, 2)}\n`,
  );
}
