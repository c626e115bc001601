import type { Code } from '../../shared/errors/codes';
import { DiagnosedError, type Diagnosis } from '../../shared/errors/diagnosis';
import { failureMessages as messages } from '../messages/failures';

/** Why one secret cannot be set. Failures are collected, so that one run shows all of them. */
export interface Failure {
  /** The secret, as messages name it; `undefined` when the diagnosis names it already. */
  readonly subject?: string;
  readonly diagnosis: Diagnosis;
}

/** A failure with the usual texts. The summary continues the sentence that starts with the subject. */
export function failure(code: Code, subject: string, text: Omit<Diagnosis, 'code'>): Failure {
  return { subject, diagnosis: { code, ...text } };
}

/**
 * @throws DiagnosedError if there are failures: for one failure its own diagnosis, for several failures one line each.
 */
export function throwFailures(failures: readonly Failure[]): void {
  const [first] = failures;
  if (first === undefined) return;
  if (failures.length === 1) {
    throw new DiagnosedError({ ...first.diagnosis, summary: messages.nothingSet(describe(first)) });
  }
  const codes = new Set(failures.map(({ diagnosis }) => diagnosis.code));
  const isSameKind = codes.size === 1;
  const lines = failures.map((one) => `  ${isSameKind ? '' : `${one.diagnosis.code}: `}${describe(one)}`);
  const [cause, ...otherCauses] = new Set(failures.flatMap(({ diagnosis }) => diagnosis.cause ?? []));
  const answer = failures.find(({ diagnosis }) => diagnosis.requestId !== undefined)?.diagnosis;
  throw new DiagnosedError({
    code: isSameKind ? first.diagnosis.code : 'AKV-SECRETS',
    summary: [messages.problems(failures.length), ...new Set(lines)].join('\n'),
    ...(cause === undefined || otherCauses.length > 0 ? {} : { cause }),
    remedy: [...new Set(failures.flatMap(({ diagnosis }) => diagnosis.remedy))],
    ...(answer?.said === undefined ? {} : { said: answer.said }),
    ...(answer?.requestId === undefined ? {} : { requestId: answer.requestId }),
  });
}

function describe({ subject, diagnosis }: Failure): string {
  const sentence = subject === undefined ? diagnosis.summary : `${subject}: ${diagnosis.summary}`;
  return /[.?!]$/.test(sentence) ? sentence : `${sentence}.`;
}
