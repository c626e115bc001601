/** Requests and answers, for assertions. */
import type { Answer, SimulatedRequest } from './exchange';

export interface JournalEntry extends SimulatedRequest {
  /** When the request arrived, in milliseconds since 1970. */
  readonly time: number;
  /** One more than the longest row of requests, each arriving after the answer of the one before, that was answered by then. */
  readonly round: number;
  /** 0 while there is no answer; it stays 0 if the connection was reset or the request was never answered. */
  readonly status: number;
  readonly answerHeaders: Readonly<Record<string, string>>;
  readonly answer: string;
  /** The answer is from a fault, and does not show how Azure answers. */
  readonly invented: boolean;
}

export interface Journal {
  readonly entries: readonly JournalEntry[];
  /** Records a request; the returned function completes the entry with its answer. */
  readonly enter: (request: SimulatedRequest, time: number) => (answer: Answer, invented: boolean) => void;
}

export function createJournal(): Journal {
  const entries: JournalEntry[] = [];
  let answeredRounds = 0;
  return {
    entries,
    enter: (request, time) => {
      const round = answeredRounds + 1;
      const nothing = { status: 0, answerHeaders: {}, answer: '', invented: false };
      const place = entries.push({ ...request, time, round, ...nothing }) - 1;
      return ({ status, headers, body }, invented) => {
        answeredRounds = Math.max(answeredRounds, round);
        entries[place] = { ...request, time, round, status, answerHeaders: headers, answer: body, invented };
      };
    },
  };
}
