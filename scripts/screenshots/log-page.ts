import type { JobResult, StepResult } from '../../simulation/agent/job-result';
import { composePage, escapeHtml } from './page';

const style = `
  body { padding: 22px 24px; background: #1e1e1e; color: #e6e6e6; }
  header { margin-bottom: 16px; color: #b8b8b8; }
  h2 { margin: 0 0 2px; color: #7fce84; font-size: 23px; } h2::before { content: "✓ "; }
  pre { margin-bottom: 12px; font-size: 21.6px; line-height: 1.34; white-space: pre-wrap; }
  .warning { color: #f2c661; } .error { color: #ff8a80; } .mask { color: #fff; font-weight: bold; }
`;

const prefixes: Readonly<Record<StepResult['phase'], string>> = { pre: 'Pre-job: ', main: '', post: 'Post-job: ' };

/** What every task and every script step prints before its own output. */
const banner =
  /^(={20,}|(Task|Description|Version|Author|Help) {2,}: |Generating script|=+ Starting Command|##\[command\])/;

function titleOf({ displayName, phase }: StepResult): string {
  return prefixes[phase] + displayName;
}

function renderLine(line: string): string {
  const [, kind = '', text = ''] = /^(?:##\[(warning|error|section)\])?(.*)$/.exec(line) ?? [];
  return `<span class="${kind}">${escapeHtml(text).replaceAll('***', '<span class="mask">***</span>')}</span>`;
}

function renderStep(step: StepResult): string {
  const lines = step.lines.filter((line) => !banner.test(line) && !line.startsWith('##[section]'));
  return `<h2>${escapeHtml(titleOf(step))}</h2><pre>${lines.map(renderLine).join('\n')}</pre>`;
}

/** The log of a job's steps that did work, as the run's page shows it, without the banners. */
export function composeLogPage({ steps }: Pick<JobResult, 'steps'>): string {
  const worked = steps.filter(({ result }) => result !== 'Skipped');
  const header = '<header>Run in the local agent, against the simulated Azure</header>';
  return composePage(style, `${header}<main>${worked.map(renderStep).join('')}</main>`);
}
