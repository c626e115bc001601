import { diagnosisMessages as messages } from '../messages/diagnosis';
import { stepInputMessages } from '../messages/inputs';

/**
 * What a failure tells the user: a stable code, what happened, why it probably did, and how to mend it. Every failure
 * of the tasks ends in one of these (`explain.ts` makes them), and every code has its heading in
 * `docs/troubleshooting.md`.
 */
export interface Diagnosis {
  /** Stable, upper case, e.g. `AKV-FIREWALL`; also the heading in `docs/troubleshooting.md`. */
  readonly code: string;
  /** What happened, in one sentence, with the real names filled in. */
  readonly summary: string;
  /** The likely cause for this identity and vault. */
  readonly cause?: string;
  /** What to do, one command or portal path a line. */
  readonly remedy: readonly string[];
  /** `x-ms-request-id` of the answer, for Azure support. */
  readonly requestId?: string;
}

/** An error that carries its diagnosis. Its message is the rendered diagnosis, so nothing is lost if it is only logged. */
export class DiagnosedError extends Error {
  override readonly name = 'DiagnosedError';

  constructor(
    readonly diagnosis: Diagnosis,
    options?: ErrorOptions,
  ) {
    super(renderDiagnosis(diagnosis), options);
  }
}

/** The address of docs/troubleshooting.md, by the build from `homepage` in package.json; `''` without a home page. */
declare const TROUBLESHOOTING_URL: string;
const builtUrl = typeof TROUBLESHOOTING_URL === 'string' ? TROUBLESHOOTING_URL : '';

/** The diagnosis as the lines a user reads, joined by LF. */
export function renderDiagnosis(diagnosis: Diagnosis, url = builtUrl): string {
  const { code, summary, cause, remedy, requestId } = diagnosis;
  return [
    messages.headline(code, summary),
    ...(cause === undefined ? [] : [messages.likelyCause(cause)]),
    ...remedy.map((line, index) => `${index === 0 ? messages.toFix : ' '.repeat(messages.toFix.length)}${line}`),
    messages.more(code, url),
    ...(requestId === undefined ? [] : [messages.requestId(requestId)]),
  ].join('\n');
}

/** Throws a {@link DiagnosedError} for a mistake in the step's own settings; `remedy` says how to write it right. */
export function failInput(input: string, problem: string, ...remedy: string[]): never {
  throw new DiagnosedError({ code: 'AKV-INPUT', summary: stepInputMessages.problemOf(input, problem), remedy });
}
