import type { Code } from './codes';
import { diagnosisMessages as messages } from '../messages/diagnosis';
import { stepInputMessages } from '../messages/inputs';

/**
 * What a failure shows to the user: a stable code, what happened, the likely cause, and how to fix it. Every failure of
 * the tasks becomes one of these (`explain.ts` creates most of them).
 */
export interface Diagnosis {
  readonly code: Code;
  /** What happened, in one sentence, with the real names filled in. */
  readonly summary: string;
  /** The likely cause for this identity and vault. */
  readonly cause?: string;
  /** What to do, one command or portal path per line. */
  readonly remedy: readonly string[];
  /** Azure's own message, on one line, to search for. */
  readonly said?: string;
  /** `x-ms-request-id` of the answer, for Azure support. */
  readonly requestId?: string;
}

/** An error with its diagnosis. Its message is the rendered diagnosis, so that nothing is lost if it is only logged. */
export class DiagnosedError extends Error {
  override readonly name = 'DiagnosedError';

  constructor(
    readonly diagnosis: Diagnosis,
    options?: ErrorOptions,
  ) {
    super(renderDiagnosis(diagnosis), options);
  }
}

/**
 * The address of docs/troubleshooting.md, which the build takes from `homepage` in package.json; `''` without a home
 * page.
 */
declare const TROUBLESHOOTING_URL: string;
const builtUrl = typeof TROUBLESHOOTING_URL === 'string' ? TROUBLESHOOTING_URL : '';

/** The diagnosis as the lines that a user reads, joined by LF. */
export function renderDiagnosis(diagnosis: Diagnosis, url = builtUrl): string {
  const { code, summary, cause, remedy, said, requestId } = diagnosis;
  return [
    messages.headline(code, summary),
    ...(cause === undefined ? [] : [messages.likelyCause(cause)]),
    ...remedy.map((line, index) => `${index === 0 ? messages.toFix : ' '.repeat(messages.toFix.length)}${line}`),
    messages.more(code, url),
    ...(said === undefined ? [] : [messages.azureSaid(said)]),
    ...(requestId === undefined ? [] : [messages.requestId(requestId)]),
  ].join('\n');
}

/** Throws a {@link DiagnosedError} for a mistake in the step's own settings; `remedy` describes the correct form. */
export function failInput(input: string, problem: string, ...remedy: string[]): never {
  throw new DiagnosedError({ code: 'AKV-INPUT', summary: stepInputMessages.problemOf(input, problem), remedy });
}
