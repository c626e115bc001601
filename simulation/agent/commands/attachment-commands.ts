import { existsSync, readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { CommandHandler } from './command-handler';

/** `task.uploadsummary`: the text appears on the run's summary page, as it is. */
export const uploadSummary: CommandHandler = ({ data }, job) => {
  if (data === '') throw new Error('Cannot upload summary file, summary file location is not specified.');
  job.collected.summaries.push(readAttachment('Distributedtask.Core.Summary', basename(data), data));
};

/** `task.uploadfile`: the file is added to the log archive. */
export const uploadFile: CommandHandler = ({ data }, job) => {
  if (data === '') throw new Error('Cannot upload task file, file location is not specified.');
  job.collected.attachments.push(readAttachment('Distributedtask.Core.FileAttachment', basename(data), data));
};

/** `task.addattachment`. */
export const attachFile: CommandHandler = ({ properties, data }, job) => {
  job.collected.attachments.push(readAttachment(properties.get('type'), properties.get('name'), data));
};

function readAttachment(type: string | undefined, name: string | undefined, path: string): string {
  if (!type) throw new Error("Can't add task attachment, attachment type is not provided.");
  if (!name) throw new Error("Can't add task attachment, attachment name is not provided.");
  if (/[/\0]/.test(type)) throw new Error('Type contain invalid characters.');
  if (/[/\0]/.test(name)) throw new Error('Name contain invalid characters.');
  if (!existsSync(path) || !statSync(path).isFile()) {
    throw new Error(
      'Cannot upload task attachment file, attachment file location is not specified or attachment file does not exist on disk.',
    );
  }
  return readFileSync(path, 'utf8');
}
