import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { HostType } from '../run-options';

/** Absolute paths of the job's folders. */
export interface Directories {
  readonly work: string;
  readonly temp: string;
  readonly tools: string;
  readonly tasks: string;
  /** The build's or release's own folder. */
  readonly pipeline: string;
  /** Where processes start and relative `filePath` inputs are rooted. */
  readonly default: string;
}

/** Makes the folders that the agent prepares (microsoft/azure-pipelines-agent: `_work/1/s`, releases `_work/r1/a`). */
export function prepareDirectories(work: string, hostType: HostType): Directories {
  const pipeline = join(work, hostType === 'build' ? '1' : 'r1');
  const directories = {
    work,
    pipeline,
    temp: join(work, '_temp'),
    tools: join(work, '_tool'),
    tasks: join(work, '_tasks'),
    default: join(pipeline, hostType === 'build' ? 's' : 'a'),
  };
  Object.values(directories).forEach((directory) => mkdirSync(directory, { recursive: true }));
  return directories;
}
