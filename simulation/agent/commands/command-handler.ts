import type { JobContext, Stage } from '../job-context';
import type { Command } from './command';

/** Runs a command; throws if it cannot. */
export type CommandHandler = (command: Command, job: JobContext, stage: Stage) => void;
