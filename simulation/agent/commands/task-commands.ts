import { attachFile, uploadFile, uploadSummary } from './attachment-commands';
import type { Command } from './command';
import type { CommandHandler } from './command-handler';
import { setEndpoint } from './endpoint-command';
import { isTrueText, type JobContext, type Stage } from '../job-context';
import { mergeResults, taskResults, type TaskResult } from '../job-result';
import { addSecret, maySet, setTaskVariable, setVariable } from './variable-commands';

const complete: CommandHandler = ({ properties }, _job, stage) => {
  const text = (properties.get('result') ?? '').trim();
  const result = taskResults.find((name) => name === text) ?? resultOfNumber(text);
  if (!result) throw new Error("Command doesn't have valid result value.");
  stage.outcome.result = mergeResults(stage.outcome.result, result);
  if (isTrueText(properties.get('done'))) stage.outcome.finishEarly();
};

/** .NET's `Enum.TryParse` also accepts the number of a member. */
function resultOfNumber(text: string): TaskResult | undefined {
  return /^\d+$/.test(text) ? taskResults[Number(text)] : undefined;
}

const logIssue: CommandHandler = ({ properties, data }, _job, stage) => {
  const type = properties.get('type');
  if (type === undefined) {
    stage.log.warning("Can't create TaskIssue from logging event.");
    return;
  }
  const kind = type.toLowerCase();
  if (kind !== 'error' && kind !== 'warning') throw new Error(`issue type ${type} is not an expected issue type.`);
  stage.log[kind](locate(properties, data));
};

/** E.g. `main.yml(13,18): error AKV-1: text` when the command names a source file. */
function locate(properties: Command['properties'], message: string): string {
  const text = (key: string) => properties.get(key) ?? '';
  if (!properties.has('sourcepath')) return message;
  return `${text('sourcepath')}(${text('linenumber')},${text('columnnumber')}): ${text('type')} ${text('code')}: ${message}`;
}

const prependPath: CommandHandler = ({ data }, job, stage) => {
  if (!maySet('PATH', stage)) return;
  if (data === '') throw new Error('Value cannot be empty: prependpath.');
  const position = job.prependedPaths.indexOf(data);
  if (position >= 0) job.prependedPaths.splice(position, 1);
  job.prependedPaths.push(data);
};

const logDetail: CommandHandler = ({ properties }) => {
  if (!/^[\da-f-]{36}$/i.test(properties.get('id') ?? '')) {
    throw new Error("Can't process task detail command: 'id' is missing or is no GUID.");
  }
};

const debug: CommandHandler = ({ data }, _job: JobContext, stage: Stage) => {
  stage.log.debug(data);
};

/** The commands of the area `task` (microsoft/azure-pipelines-agent TaskCommandExtension.cs). */
export const taskCommands: Readonly<Record<string, CommandHandler>> = {
  setvariable: setVariable,
  settaskvariable: setTaskVariable,
  setsecret: ({ data }, job) => {
    addSecret(data, job);
  },
  complete,
  logissue: logIssue,
  issue: logIssue,
  // The log does not show progress, and a value that is not a number is not an error.
  setprogress: () => undefined,
  logdetail: logDetail,
  debug,
  prependpath: prependPath,
  setendpoint: setEndpoint,
  uploadsummary: uploadSummary,
  uploadfile: uploadFile,
  addattachment: attachFile,
};
