import type { JobResult, StepResult } from '../../simulation/agent/job-result';
import { composePage, escapeHtml } from './page';

const style = `
  body { display: flex; background: #1e1e1e; color: #e6e6e6; }
  nav { width: 218px; padding: 22px 16px; background: #2b2b2b; font-size: 16px; line-height: 1.3; }
  nav b { display: block; margin-bottom: 14px; color: #fff; font-size: 18px; }
  nav p { display: flex; gap: 9px; margin-bottom: 12px; color: #d6d6d6; }
  nav i { color: #7fce84; font-style: normal; }
  main { flex: 1; padding: 22px 18px; }
  h2 { margin: 0 0 4px; color: #7fce84; font-size: 18px; }
  pre { margin-bottom: 18px; font-size: 15.9px; line-height: 1.54; white-space: pre-wrap; }
  .warning { color: #f2c661; } .error { color: #ff8a80; } .mask { color: #fff; font-weight: bold; }
`;

const prefixes: Readonly<Record<StepResult['phase'], string>> = { pre: 'Pre-job: ', main: '', post: 'Post-job: ' };

/** What every task and every script step prints before its own words. */
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

/** The log of a job's steps that did something, as the run's page shows it, without the banners. */
export function composeLogPage({ steps }: Pick<JobResult, 'steps'>): string {
  const worked = steps.filter(({ result }) => result !== 'Skipped');
  const list = worked.map((step) => `<p><i>✓</i>${escapeHtml(titleOf(step))}</p>`).join('');
  return composePage(style, `<nav><b>Job</b>${list}</nav><main>${worked.map(renderStep).join('')}</main>`);
}
