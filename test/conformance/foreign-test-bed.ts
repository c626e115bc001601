import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findVsix, unpackVsix } from '../../scripts/package/vsix';
import type { Outcome } from '../e2e/support/scenarios';
import { runOnAgent, type JobOptions } from '../../simulation/workplace';
import { openForeignContoso, type ForeignContoso } from './foreign-contoso';

/** Contoso on servers of other projects, and the packaged extension on an agent that uses them. */
export interface ForeignTestBed extends ForeignContoso {
  /** Runs a pipeline with the packaged tasks. */
  run(pipeline: string, options: Omit<JobOptions, 'tasks'>): Promise<Outcome>;
}

/** @throws Error when a server is not on this machine, or the extension is not packaged. */
export async function openForeignTestBed(): Promise<ForeignTestBed> {
  const folder = await mkdtemp(join(tmpdir(), 'foreign-test-bed-'));
  const tasks = join(folder, 'extension');
  const clear = () => rm(folder, { recursive: true, force: true });
  await unpackVsix(findVsix(), tasks);
  const foreign = await openForeignContoso().catch(async (error: unknown) => {
    await clear();
    throw error;
  });
  return {
    ...foreign,
    run: async (pipeline, options) => {
      const result = await runOnAgent({ ...foreign, folder }, pipeline, { ...options, tasks });
      return { ...result, text: result.log.join('\n') };
    },
    stop: async () => {
      await foreign.stop();
      await clear();
    },
  };
}
