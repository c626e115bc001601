import { log, variables } from '../../shared/agent/agent';
import { requireTempFolder } from '../../shared/agent/job';
import type { PhaseResult } from '../../shared/agent/phase';
import { writeSummaryFile } from '../../shared/agent/summary-file';
import { logReport, markdownOf, throwFailures, type Report } from './report';

/**
 * Shows the report, and writes it for the run's summary page. The file is left to a later step to upload: this task is
 * restricted to commands that cannot (task.json, `restrictions`), and stays so.
 */
export function publishReport(report: Report): PhaseResult {
  logReport(report, log);
  const path = writeSummaryFile(requireTempFolder(), report.title, markdownOf(report));
  variables.setOutput({ name: 'summaryFile', value: path, secret: false });
  throwFailures(report);
  return { result: 'succeeded', sentence: report.outcome };
}
