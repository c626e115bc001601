import { median } from './metered';
import { runCrowd } from './virtual-crowd';
import { runPerimeterCrowd } from './virtual-perimeter';

/** Jobs, and the minutes over which their starts are spread. */
const crowds = [
  [1, 0],
  [50, 0],
  [200, 0],
] as const;

/** Seconds until every front end of the vault has applied a change; the same each time, so that it can be subtracted. */
const propagation = { firewall: 5, perimeter: 90 };

export const sideBySideHead = [
  'jobs',
  'minutes',
  'rule in',
  'propagation in s',
  'open after s (median / longest)',
  'open time minus propagation in s (median / longest)',
  'not open in time',
];

/** The vault's firewall and a perimeter's profile with the same jobs, in virtual time: the machine's load does not matter. */
export async function measureSideBySide(): Promise<readonly (readonly string[])[]> {
  const rows: string[][] = [];
  for (const [jobs, minutes] of crowds) {
    const firewall = await runCrowd(jobs, minutes, () => propagation.firewall * 1000);
    const perimeter = await runPerimeterCrowd(jobs, minutes, () => propagation.perimeter * 1000);
    rows.push(
      [String(jobs), String(minutes), 'the firewall', ...cellsOf(jobs, firewall.times, propagation.firewall)],
      [String(jobs), String(minutes), 'a perimeter', ...cellsOf(jobs, perimeter.times, propagation.perimeter)],
    );
  }
  return rows;
}

function cellsOf(jobs: number, times: readonly number[], seconds: number): string[] {
  const show = (values: readonly number[]) => `${median(values).toFixed(1)} / ${Math.max(...values).toFixed(1)}`;
  return [String(seconds), show(times), show(times.map((time) => time - seconds)), String(jobs - times.length)];
}
