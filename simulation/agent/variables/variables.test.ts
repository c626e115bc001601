import assert from 'node:assert/strict';
import { expandMacros } from './macros';
import { createMasker } from '../log/masker';
import { createVariables, type NewVariable } from './variables';

function variablesOf(...list: NewVariable[]) {
  const masker = createMasker();
  const variables = createVariables(masker);
  list.forEach(variables.set);
  return { masker, variables };
}

describe('macros of the local agent', () => {
  const values: Record<string, string> = { a: '1', nested: '$(a)', empty: '' };
  const cases: readonly [title: string, text: string, expanded: string][] = [
    ['replaces each macro', 'x$(a)y$(a)', 'x1y1'],
    ['does not replace what it put in', '$(nested)$(a)', '$(a)1'],
    ['leaves unknown names', '$(b)$(a)', '$(b)1'],
    ['leaves the empty name', '$()$(a)', '$()1'],
    ['puts in empty values', 'x$(empty)y', 'xy'],
    ['finds a macro inside of an unknown one', '$(b$(a)', '$(b1'],
    ['leaves an open macro', '$(a', '$(a'],
  ];
  for (const [title, text, expanded] of cases) {
    it(title, () => {
      assert.equal(
        expandMacros(text, (name) => values[name]),
        expanded,
      );
    });
  }
});

describe('variables of the local agent', () => {
  it('finds a variable whatever the case of its name', () => {
    const { variables } = variablesOf({ name: 'My.Name', value: '1' });
    assert.equal(variables.get('MY.NAME'), '1');
  });

  it('keeps a secret secret when it is set again as a plain variable', () => {
    const { variables, masker } = variablesOf(
      { name: 'a', value: 'not-real-1', secret: true },
      { name: 'A', value: 'not-real-2' },
    );
    assert.equal(variables.all()[0]?.secret, true);
    assert.equal(masker.mask('not-real-2'), '***');
  });

  it('expands variables in variables only when they are recalculated', () => {
    const { variables } = variablesOf(
      { name: 'a', value: '$(b)!' },
      { name: 'b', value: '<$(c)>' },
      { name: 'c', value: '1' },
    );
    assert.equal(variables.get('a'), '$(b)!');
    variables.recalculate();
    assert.equal(variables.get('a'), '<1>!');
  });

  it('makes a variable secret that contains a secret one, and masks the whole', () => {
    const { variables, masker } = variablesOf(
      { name: 'a', value: 'x-$(b)' },
      { name: 'b', value: 'not-real-1', secret: true },
    );
    variables.recalculate();
    assert.equal(variables.all().find(({ name }) => name === 'a')?.secret, true);
    assert.equal(masker.mask('x-not-real-1'), '***');
  });

  it('warns of a cycle and leaves its values', () => {
    const { variables } = variablesOf({ name: 'a', value: '$(b)' }, { name: 'b', value: '$(a)' });
    const warnings = variables.recalculate();
    assert.match(warnings.join('\n'), /Unable to expand variable 'a'. A cyclical reference was detected./);
    assert.equal(variables.get('a'), '$(b)');
  });

  it('warns of variables nested too deeply', () => {
    const chain = Array.from({ length: 60 }, (_, index) => ({ name: `v${index}`, value: `$(v${index + 1})` }));
    const { variables } = variablesOf(...chain, { name: 'v60', value: 'end' });
    assert.match(variables.recalculate().join('\n'), /Unable to expand variable 'v0'. The max expansion depth/);
    assert.equal(variables.get('v11'), 'end');
  });

  it('refuses to change built-in names that exist, and variables that were set as read-only', () => {
    const { variables } = variablesOf(
      { name: 'mine', value: '1', readOnly: true },
      { name: 'Agent.JobStatus', value: 'x' },
    );
    assert.deepEqual(
      ['mine', 'AGENT.jobstatus', 'agent.name', 'other'].map((name) => variables.isReadOnly(name)),
      [true, true, false, false],
    );
  });
});
