import { parseCommand, unescapeText, type Command } from './command';
import type { CommandHandler } from './command-handler';
import { decodesPercents, type JobContext, type Stage } from '../job-context';
import type { HostType } from '../run-options';
import { taskCommands } from './task-commands';

interface Area {
  readonly hostTypes: readonly HostType[];
  readonly events: Readonly<Record<string, CommandHandler>>;
}

const help = 'Please reference documentation (http://go.microsoft.com/fwlink/?LinkId=817296)';
const everywhere: readonly HostType[] = ['build', 'release', 'deployment'];

/** Events of other areas have no effect here, except that they are in the result's `commands`. */
const noted = (...names: string[]) => Object.fromEntries(names.map((name) => [name, () => undefined]));

/** Source: the *CommandExtension.cs files of microsoft/azure-pipelines-agent. */
const areas: Readonly<Record<string, Area>> = {
  task: { hostTypes: everywhere, events: taskCommands },
  build: { hostTypes: everywhere, events: noted('addbuildtag', 'updatebuildnumber', 'uploadlog') },
  telemetry: { hostTypes: everywhere, events: noted('publish') },
  results: { hostTypes: everywhere, events: noted('publish') },
  artifact: { hostTypes: ['build', 'release'], events: noted('associate', 'upload') },
  codecoverage: { hostTypes: ['build'], events: noted('publish', 'enable') },
  release: { hostTypes: ['release', 'deployment'], events: noted('updatereleasename') },
};

const allowedWhenRestricted = new Set([
  ...['logdetail', 'logissue', 'issue', 'complete', 'setprogress', 'setsecret', 'setvariable', 'debug'].map(
    (e) => `task.${e}`,
  ),
  'task.settaskvariable',
  'task.prependpath',
  'telemetry.publish',
]);

/**
 * Handles one line of a process, and returns whether it was a command, which the log does not show. Source:
 * microsoft/azure-pipelines-agent WorkerCommandManager.cs.
 */
export function processLine(line: string, job: JobContext, stage: Stage): boolean {
  const command = parseCommand(line, decodesPercents(job));
  if (!command) {
    if (line.includes('##vso')) warnOfKeyword(line, stage);
    return false;
  }
  const area = areas[command.area.toLowerCase()];
  if (!area) {
    stage.log.warning(`Cannot find command extension for ##vso[${command.area}.command]. ${help}`);
    return true;
  }
  const hostType = job.options.hostType ?? 'build';
  if (!area.hostTypes.includes(hostType)) {
    stage.log.error(`${command.area} commands are not supported for ${hostType} flow. ${help}`);
    stage.outcome.commandResult = 'Failed';
    return false;
  }
  runCommand({ line, command, area }, job, stage);
  return true;
}

function warnOfKeyword(line: string, stage: Stage): void {
  const accepted = 'Please see the list of accepted commands: https://go.microsoft.com/fwlink/?LinkId=817296';
  stage.log.warning(`'${line}' contains logging command keyword '##vso', but it's not a legal command. ${accepted}`);
}

function runCommand(found: { line: string; command: Command; area: Area }, job: JobContext, stage: Stage): void {
  const { line, command, area } = found;
  try {
    execute(command, area, job, stage);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // The line is printed unchanged: its content is masked only if it was registered before.
    stage.log.error(`Unable to process command '${line}' successfully. ${help}`);
    stage.log.error(reason);
    stage.outcome.commandResult = 'Failed';
    job.collected.unprocessedCommands.push({ line, reason });
  } finally {
    const isDebug = `${command.area}.${command.event}`.toLowerCase() === 'task.debug';
    if (!isDebug) stage.log.debug(`Processed: ${unescapeText(line, decodesPercents(job))}`);
  }
}

function execute(command: Command, area: Area, job: JobContext, stage: Stage): void {
  const name = `${command.area}.${command.event}`;
  const handler = area.events[command.event.toLowerCase()];
  if (!handler) {
    throw new Error(`##vso[${name}] is not a recognized command for ${command.area} command extension. ${help}.`);
  }
  const restricted = stage.instance.restrictions.some(({ commands }) => commands === 'restricted');
  if (restricted && !allowedWhenRestricted.has(name.toLowerCase())) {
    stage.log.warning(`##vso[${name}] is not allowed in this step due to policy restrictions. ${help}`);
    return;
  }
  handler(command, job, stage);
  job.collected.commands.push(command);
}
