import type { TaskDefinition, TaskInput } from '../package/definitions';
import { composePage, escapeHtml } from './page';

/** A task of the pipeline in the picture. */
export interface FormTask {
  readonly definition: TaskDefinition;
  /** The 32 by 32 picture, as a `data:` URL. */
  readonly icon: string;
}

const style = `
  body { display: flex; background: #f4f4f4; }
  nav, main { zoom: 1.46; }
  nav { width: 260px; padding: 26px 14px; background: #fff; border-right: 1px solid #ddd; }
  nav b { display: block; margin: 0 0 16px 4px; font-size: 20px; font-weight: 600; }
  nav div { display: flex; gap: 12px; align-items: center; padding: 12px 10px; border-radius: 4px; }
  nav div.on { background: #deecf9; } nav img { width: 40px; height: 40px; }
  nav span { font-size: 17px; line-height: 1.25; } nav small { display: block; color: #555; font-size: 15px; }
  main { flex: 1; padding: 18px 28px; background: #fff; }
  h1 { margin-bottom: 8px; padding-bottom: 8px; border-bottom: 1px solid #ddd; font-size: 23px; font-weight: 600; }
  h1 small { float: right; color: #555; font-size: 16px; font-weight: 400; line-height: 2; }
  label { display: block; margin: 9px 0 3px; font-size: 16px; font-weight: 600; } label i { color: #a80000; font-style: normal; }
  .field { min-height: 33px; padding: 4px 10px; border: 1px solid #8a8886; border-radius: 2px; font-size: 16px; white-space: pre; }
  .field.list::after { float: right; content: "⌄"; } .field code { font-size: 15px; line-height: 1.35; }
  .check { margin: 11px 0 5px; font-size: 16px; } .check::before { content: "☐ "; font-size: 19px; } .check.on::before { content: "☑ "; }
  h3 { margin-top: 11px; padding-top: 7px; border-top: 1px solid #ddd; font-size: 17px; font-weight: 600; } h3::before { content: "›  "; }
`;

type Values = Readonly<Record<string, string>>;

function valueOf(input: TaskInput, values: Values): string {
  return values[input.name] ?? String(input.defaultValue ?? '');
}

/** Whether a rule such as `action = allow && coordination = vaultTags` is true. */
function isVisible(rule: string | undefined, inputs: readonly TaskInput[], values: Values): boolean {
  return (rule ?? '').split('&&').every((condition) => {
    const [name, value] = condition.split(' = ').map((part) => part.trim());
    const input = inputs.find((candidate) => candidate.name === name);
    return input === undefined || valueOf(input, values) === value;
  });
}

function renderInput(input: TaskInput, values: Values): string {
  const value = valueOf(input, values);
  if (input.type === 'boolean') {
    return `<p class="check${value === 'true' ? ' on' : ''}">${escapeHtml(input.label)}</p>`;
  }
  const star = input.required === true ? ' <i>*</i>' : '';
  const isList = input.type === 'pickList' || input.type.startsWith('connectedService:');
  const shown = escapeHtml(input.options?.[value] ?? value);
  const text = input.type === 'multiLine' ? `<code>${shown}</code>` : shown;
  return `<label>${escapeHtml(input.label)}${star}</label><div class="field${isList ? ' list' : ''}">${text}</div>`;
}

function renderForm(task: TaskDefinition, values: Values): string {
  const { inputs, groups, friendlyName, version, instanceNameFormat } = task;
  const shown = inputs.filter(
    ({ groupName, visibleRule }) => groupName === undefined && isVisible(visibleRule, inputs, values),
  );
  const headings = groups.filter(({ visibleRule }) => isVisible(visibleRule, inputs, values));
  const title = instanceNameFormat.replace('$(keyVaultName)', values.keyVaultName ?? '');
  return `<h1>${escapeHtml(friendlyName)}<small>Task version ${version.Major}.*</small></h1>
    <label>Display name <i>*</i></label><div class="field">${escapeHtml(title)}</div>
    ${shown.map((input) => renderInput(input, values)).join('')}
    ${headings.map(({ displayName }) => `<h3>${escapeHtml(displayName)}</h3>`).join('')}`;
}

/** The form of one task in the classic editor, next to the list of the pipeline's tasks, filled in with these values. */
export function composeFormPage(tasks: readonly FormTask[], open: FormTask, values: Values): string {
  const list = tasks.map(({ definition, icon }, index) => {
    const state = definition === open.definition ? 'on' : '';
    const text = `<span>${escapeHtml(definition.friendlyName)}<small>Step ${index + 1} of the job</small></span>`;
    return `<div class="${state}"><img src="${icon}">${text}</div>`;
  });
  const form = renderForm(open.definition, values);
  return composePage(style, `<nav><b>Agent job</b>${list.join('')}</nav><main>${form}</main>`);
}
