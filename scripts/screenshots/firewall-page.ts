import type { FirewallSight } from '../demo/firewall-picture';
import { composePage, escapeHtml } from './page';

/** A vault's firewall at one time. */
export interface Moment {
  readonly title: string;
  readonly sight: FirewallSight;
}

const style = `
  body { padding: 40px 44px; background: #f4f6f7; }
  h1 { font-size: 38px; font-weight: 600; } header p { margin: 4px 0 26px; color: #444; font-size: 24px; }
  main { display: flex; gap: 22px; }
  section { flex: 1; padding: 22px 22px 12px; border: 1px solid #c8cdd0; border-radius: 8px; background: #fff; height: 800px; }
  h2 { margin-bottom: 12px; font-size: 28px; font-weight: 600; }
  h3 { margin: 22px 0 6px; color: #555; font-size: 24px; font-weight: 600; }
  p.row { padding: 7px 10px; margin: 0 -10px; border-radius: 4px; }
  p.row code { font-size: 23px; overflow-wrap: anywhere; } p.new { background: #d9f2dc; } p.new code { color: #0b5f1c; font-weight: bold; }
  p.row small { float: right; color: #0b5f1c; font-size: 22px; }
`;

function renderRow(text: string, isNew: boolean, note: string): string {
  const mark = isNew ? `<small>${note}</small>` : '';
  return `<p class="row${isNew ? ' new' : ''}"><code>${escapeHtml(text)}</code>${mark}</p>`;
}

function renderMoment({ title, sight }: Moment, before: FirewallSight): string {
  const rules = sight.rules.map((rule) => renderRow(rule, !before.rules.includes(rule), 'this agent'));
  const tags = Object.entries(sight.tags).map(([name, value]) =>
    renderRow(`${name}: ${value}`, !(name in before.tags), ''),
  );
  return `<section><h2>${escapeHtml(title)}</h2>
    <h3>Default action</h3>${renderRow(sight.defaultAction, sight.defaultAction !== before.defaultAction, '')}
    <h3>IP addresses allowed</h3>${rules.join('')}<h3>Tags</h3>${tags.join('')}</section>`;
}

/** A vault's firewall before, during and after a job; what was not present before the job is highlighted. */
export function composeFirewallPage(vault: string, moments: readonly [Moment, ...Moment[]]): string {
  const sections = moments.map((moment) => renderMoment(moment, moments[0].sight)).join('');
  const header = `<header><h1>Firewall of ${escapeHtml(vault)}</h1><p>As Azure Resource Manager returns it, in one run in the local agent, against the simulated Azure</p></header>`;
  return composePage(style, `${header}<main>${sections}</main>`);
}
