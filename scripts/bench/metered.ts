import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { machineWith } from '../../test/e2e/support/identity-endpoint';
import type { JobOptions, Workplace } from '../../simulation/workplace';

/** The resources that a process used: milliseconds, and bytes of memory at its peak. */
export interface Metered {
  /** From its start to its first connection; absent if it made none. */
  readonly firstRequest?: number;
  readonly total: number;
  readonly cpu: number;
  readonly memory: number;
}

/** The environment of processes that write their measurements to this folder. */
export function meterInto(folder: string): Record<string, string> {
  return machineWith({ NODE_OPTIONS: `--require ${join(__dirname, 'meter.cjs')}`, METER: folder });
}

/**
 * The options of a job whose processes leave their figures in this folder. The authority of the simulation is the only
 * one of the agent's own, which costs the step 20 ms on Node 20.
 */
export function meteredJob(folder: string, { azure }: Workplace): Pick<JobOptions, 'caFile' | 'environment'> {
  return { caFile: '', environment: { ...meterInto(folder), NODE_EXTRA_CA_CERTS: azure.caFile } };
}

/** The measurements of the process of this script; `script` is its name without folder and extension. */
export async function readMeter(folder: string, script: string): Promise<Metered> {
  return JSON.parse(await readFile(join(folder, `${script}.json`), 'utf8')) as Metered;
}

/** The median. */
export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
