import { DiagnosedError, renderDiagnosis } from '../../shared/errors/diagnosis';
import { layOut, layOutMarkdown } from '../../shared/report/table';
import type { Log } from '../../shared/ports';
import { reportMessages as messages } from '../messages/report';
import type { Row } from './work-on-each';

/** What a check or a sweep reports about its vaults. */
export interface Report {
  readonly title: string;
  /** Names of the columns after the vault's. */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The overall result, in one sentence. */
  readonly outcome: string;
}

/** Shows the table in the log, and each failure of one of several vaults as a warning. */
export function logReport(report: Report, log: Log): void {
  layOut(tableOf(report)).forEach((line) => {
    log.info(line);
  });
  if (report.rows.length > 1) {
    failuresOf(report).forEach(({ failure }) => {
      log.warning(renderDiagnosis(failure));
    });
  }
}

/** The section of the run's summary page. */
export function markdownOf(report: Report): string {
  const problems = failuresOf(report).map(({ failure, name }) => [name, `${failure.code}: ${failure.summary}`]);
  return [
    `### ${report.title}`,
    report.outcome,
    layOutMarkdown(tableOf(report)),
    ...(problems.length === 0 ? [] : [layOutMarkdown([[messages.target, messages.problem], ...problems])]),
    '',
  ].join('\n\n');
}

/** @throws DiagnosedError the failure itself where there is one target only, else AKV-VAULTS, which counts. */
export function throwFailures(report: Report): void {
  const failures = failuresOf(report);
  const [first] = failures;
  if (first === undefined) {
    return;
  }
  if (report.rows.length === 1) {
    throw new DiagnosedError(first.failure);
  }
  const named = failures.map(({ failure, name }) => messages.failed(name, failure.code));
  throw new DiagnosedError({ code: 'AKV-VAULTS', ...messages.failures(report.title, named, report.rows.length) });
}

function failuresOf({ rows }: Report) {
  return rows.flatMap(({ failure, name }) => (failure === undefined ? [] : [{ failure, name }]));
}

function tableOf({ columns, rows }: Report): readonly (readonly string[])[] {
  const body = rows.map(({ cells, failure, name }) => {
    const shown = failure === undefined ? cells : [messages.failedCell(failure.code)];
    return [name, ...columns.map((_, index) => shown[index] ?? '')];
  });
  return [[messages.target, ...columns], ...body];
}
