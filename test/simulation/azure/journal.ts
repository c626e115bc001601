/** What was asked and answered, for assertions. */
import type { Answer, SimulatedRequest } from './exchange';

export interface JournalEntry extends SimulatedRequest {
  /** When the request arrived, in milliseconds since 1970. */
  readonly time: number;
  /** 0 while there is no answer, and for ever when the connection was reset or the request was left hanging. */
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Enters a request; the returned function completes the entry with its answer. */
  readonly enter: (request: SimulatedRequest, time: number) => (answer: Answer) => void;
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  return {
    entries,
    enter: (request, time) => {
      const place = entries.push({ ...request, time, status: 0, answerHeaders: {}, answer: '' }) - 1;
      return ({ status, headers, body }) => {
        entries[place] = { ...request, time, status, answerHeaders: headers, answer: body };
      };
    },
  };
}
