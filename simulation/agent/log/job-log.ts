import type { Issue } from '../job-result';
import type { Masker } from './masker';

/** The log of the job: what a user sees, and what the processes wrote. */
export interface JobLog {
  readonly lines: readonly string[];
  readonly raw: readonly string[];
  readonly issues: readonly Issue[];
  readonly open: () => StageLog;
}

/** The part of the log that belongs to one phase of one step. */
export interface StageLog {
  readonly lines: readonly string[];
  readonly raw: readonly string[];
  readonly issues: readonly Issue[];
  /** One write: masked as a whole, then split at line breaks. */
  readonly write: (text: string) => void;
  /** The agent does not mask the banner of a task. */
  readonly writeUnmasked: (text: string) => void;
  readonly section: (text: string) => void;
  /** Shown only if `System.Debug` was `true` when the job started. */
  readonly debug: (text: string) => void;
  readonly warning: (text: string) => void;
  readonly error: (text: string) => void;
  /** Keeps a line of a process for tests; it is not shown. */
  readonly keepRaw: (line: string) => void;
}

/** How many issues of each type the server keeps for a step (microsoft/azure-pipelines-agent ExecutionContext.cs). */
const maximumIssues = 10;

/** @param onLine is called with each masked line */
export function createJobLog(masker: Masker, debugging: boolean, onLine: (line: string) => void): JobLog {
  const job = { lines: [] as string[], raw: [] as string[], issues: [] as Issue[] };
  const open = () =>
    openStage(masker, debugging, {
      line: (line) => {
        job.lines.push(line);
        onLine(line);
      },
      raw: (line) => job.raw.push(line),
      issue: (issue) => job.issues.push(issue),
    });
  return { ...job, open };
}

interface Sink {
  readonly line: (line: string) => void;
  readonly raw: (line: string) => void;
  readonly issue: (issue: Issue) => void;
}

function openStage(masker: Masker, debugging: boolean, sink: Sink): StageLog {
  const lines: string[] = [];
  const raw: string[] = [];
  const writeUnmasked = (text: string) => {
    for (const line of text.split(/\r\n|\n|\r/)) {
      lines.push(line);
      sink.line(line);
    }
  };
  const write = (text: string) => {
    writeUnmasked(masker.mask(text));
  };
  return {
    lines,
    raw,
    write,
    writeUnmasked,
    section: (text) => {
      write(`##[section]${text}`);
    },
    debug: (text) => {
      if (debugging) write(`##[debug]${text}`);
    },
    keepRaw: (line) => {
      raw.push(line);
      sink.raw(line);
    },
    ...openIssues(masker, write, sink),
  };
}

function openIssues(masker: Masker, write: StageLog['write'], sink: Sink) {
  const issues: Issue[] = [];
  const add = (type: Issue['type']) => (text: string) => {
    const message = masker.mask(text);
    if (message !== '') write(`##[${type}]${message}`);
    if (issues.filter((issue) => issue.type === type).length >= maximumIssues) return;
    issues.push({ type, message });
    sink.issue({ type, message });
  };
  return { issues, warning: add('warning'), error: add('error') };
}
