import { fail, log, skip, succeed, succeedWithIssues } from './agent';
import { stepInputs } from './step-inputs';
import { DiagnosedError } from '../errors/diagnosis';
import { explain } from '../errors/explain';
import { phaseMessages as messages } from '../messages/phase';
import type { PhaseControl, PhaseResult } from './phase';
import { otherPhase, type Turn } from './pre-job';

/** What the agent sends to cancel a step: SIGINT, then SIGTERM; on Windows Ctrl+C, then Ctrl+Break. */
const cancelSignals = ['SIGINT', 'SIGTERM', 'SIGBREAK'] as const;

/**
 * The only error boundary of every phase: runs the work, and turns cancellation, deadline and errors into one result.
 * It also ensures that the process cannot succeed without a result. Node exits with 0 if nothing is left to wait for,
 * even in the middle of work. Therefore, an open timer keeps it alive, and a last check at exit reports the failure.
 */
export async function runPhase(work: (control: PhaseControl) => Promise<PhaseResult>): Promise<void> {
  const controller = new AbortController();
  const settled = failOnEarlyExit();
  const onSignal = (name: NodeJS.Signals) => {
    controller.abort(canceled(name));
  };
  for (const name of cancelSignals) {
    process.on(name, onSignal);
  }
  const throwFault = watchFaults(controller);
  const alive = setInterval(() => undefined, 60_000);
  let timer: NodeJS.Timeout | undefined;
  let end = Number.POSITIVE_INFINITY;
  const deadline = { timeLeft: () => end - performance.now() };
  try {
    const limit: PhaseControl['limit'] = (seconds, what, input) => {
      clearTimeout(timer);
      end = performance.now() + seconds * 1000;
      timer = setTimeout(() => {
        controller.abort(timedOut(seconds, what, input));
      }, seconds * 1000);
    };
    const result = await work({ signal: controller.signal, deadline, limit });
    throwFault();
    report(result);
  } catch (error) {
    const failure = explain(error);
    fail(failure.message);
    log.debug(failure.cause instanceof Error ? (failure.cause.stack ?? '') : (failure.stack ?? ''));
  } finally {
    settled();
    // Unfinished work is no longer awaited, and would prevent the process from ending.
    controller.abort();
    clearInterval(alive);
    clearTimeout(timer);
    for (const name of cancelSignals) {
      process.off(name, onSignal);
    }
  }
}

/** Runs the phase that the input `runAsPreJob` selects; the other phase is skipped and shows why. */
export function runInTurn(turn: Turn, work: (control: PhaseControl) => Promise<PhaseResult>): Promise<void> {
  return runPhase(async (control) => otherPhase(turn, stepInputs) ?? work(control));
}

function report({ result, sentence }: PhaseResult): void {
  const end = { succeeded: succeed, succeededWithIssues: succeedWithIssues, skipped: skip }[result];
  end(sentence);
}

/** An error that is not awaited also ends the phase. Later errors can only fail the step. */
function watchFaults(controller: AbortController): () => void {
  let fault: { readonly error: unknown } | undefined;
  const onFault = (error: unknown) => {
    if (controller.signal.aborted) {
      fail(explain(error).message);
    }
    fault ??= { error };
    controller.abort(error);
  };
  process.on('uncaughtException', onFault);
  process.on('unhandledRejection', onFault);
  return () => {
    if (fault !== undefined) {
      throw fault.error;
    }
  };
}

function failOnEarlyExit(): () => void {
  const onExit = () => {
    fail(messages.diedEarly);
  };
  process.once('exit', onExit);
  return () => process.off('exit', onExit);
}

function canceled(signal: string): DiagnosedError {
  return new DiagnosedError({ code: 'AKV-CANCELED', ...messages.canceled(signal) });
}

function timedOut(seconds: number, what: string, input: string | undefined): DiagnosedError {
  return new DiagnosedError({
    code: 'AKV-TIMEOUT',
    summary: messages.noTimeLeft(what, seconds),
    remedy: [messages.seeLinesAbove, ...(input === undefined ? [] : [messages.raiseInput(input)])],
  });
}
