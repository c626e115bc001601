import assert from 'node:assert/strict';
import { findSchemaProblems, hasSchema } from '../../scripts/package/check/schema';
import { readTask, taskFolders, type TaskInput } from '../../scripts/package/definitions';

/** The conditions of a visibleRule: `action = allow && coordination = vaultTags`. */
function parseRule(rule: string): { name: string; value: string }[] {
  return rule.split('&&').map((condition) => {
    const match = /^\s*(\w+) !?= (\w+)\s*$/.exec(condition);
    assert.ok(match, `'${condition}' of the rule '${rule}' is neither 'input = value' nor 'input != value'`);
    return { name: match[1]!, value: match[2]! };
  });
}

function assertRuleHolds(rule: string, inputs: readonly TaskInput[]): void {
  for (const { name, value } of parseRule(rule)) {
    const input = inputs.find((candidate) => candidate.name === name);
    assert.ok(input, `the rule '${rule}' names no input`);
    assert.ok(value in (input.options ?? {}), `the rule '${rule}' names no option of '${name}'`);
  }
}

for (const folder of taskFolders) {
  const task = readTask(folder);
  const groups = new Set(task.groups.map(({ name }) => name));

  describe(`${folder}/task.json`, () => {
    if (hasSchema) {
      it('is valid against the published schema of tasks', () => {
        assert.deepEqual(findSchemaProblems(folder, task), []);
      });

      it('would not be valid with an input of a type that there is not', () => {
        const [first, ...rest] = task.inputs;
        const inputs = [{ ...first!, type: 'color' }, ...rest];
        assert.match(findSchemaProblems(folder, { ...task, inputs }).join('\n'), /^tasks\/\S+\/inputs\/0\/type: /m);
      });
    } else {
      console.warn(`Skipped: ${folder}/task.json is not checked against tasks.schema.json, which is not here.`);
    }

    it('has a name, description and help that the editors can show', () => {
      assert.ok(task.friendlyName.length <= 40, 'the service refuses a friendlyName of more than 40 characters');
      for (const text of [task.friendlyName, task.description, task.author, task.helpMarkDown]) assert.ok(text.trim());
      assert.match(task.helpUrl, /^https:\/\/\S+\.md$/);
      assert.ok(task.helpMarkDown.includes(task.helpUrl), 'the help link and the help URL are the same page');
    });

    it('runs in builds, releases and deployment groups on agents that have Node 20', () => {
      assert.deepEqual(task.visibility, ['Build', 'Release']);
      assert.deepEqual(task.runsOn, ['Agent', 'DeploymentGroup']);
      assert.equal(task.minimumAgentVersion, '3.232.1');
    });

    it('runs the same file on Node 20 and on Node 24 in every phase', () => {
      for (const phase of ['prejobexecution', 'execution', 'postjobexecution'] as const) {
        const handlers = task[phase];
        if (handlers === undefined) continue;
        assert.deepEqual(Object.keys(handlers).sort(), ['Node20_1', 'Node24'], phase);
        assert.equal(handlers.Node20_1?.target, handlers.Node24?.target, phase);
      }
    });

    it('gives every input a label and a help of sensible length', () => {
      for (const { name, label, helpMarkDown = '' } of task.inputs) {
        assert.ok(label.trim(), name);
        assert.ok(helpMarkDown.trim().length > 20, `${name} has no useful help`);
        assert.ok(helpMarkDown.length <= 1000, `${name} has more help than a tooltip shows`);
      }
    });

    it('names and aliases no two inputs alike, whatever the case', () => {
      const names = task.inputs.flatMap(({ name, aliases = [] }) =>
        [name, ...aliases].map((text) => text.toLowerCase()),
      );
      assert.deepEqual([...new Set(names)], names);
    });

    it('puts inputs into groups that exist, and no group is empty or expanded', () => {
      const used = new Set(task.inputs.flatMap(({ groupName }) => groupName ?? []));
      assert.deepEqual([...used].sort(), [...groups].sort());
      assert.deepEqual(
        task.groups.filter(({ isExpanded }) => isExpanded),
        [],
      );
    });

    it('shows inputs and groups by rules about inputs and options that exist', () => {
      for (const { visibleRule } of [...task.inputs, ...task.groups]) {
        if (visibleRule !== undefined) assertRuleHolds(visibleRule, task.inputs);
      }
    });

    it('hides no input that the user has to fill in', () => {
      const hidden = task.inputs.filter(({ required, visibleRule }) => required === true && visibleRule !== undefined);
      assert.deepEqual(hidden, []);
    });

    it('gives every pick list a default that is one of its options, unless it is filled from the subscription', () => {
      const bound = new Set(task.dataSourceBindings.map(({ target }) => target));
      for (const { name, type, options = {}, defaultValue } of task.inputs) {
        if (type === 'pickList' && !bound.has(name)) assert.ok(String(defaultValue) in options, name);
      }
    });

    it('fills the editable list of vaults from the chosen service connection', () => {
      assert.deepEqual(task.dataSourceBindings, [
        {
          target: 'keyVaultName',
          endpointId: '$(connectedServiceName)',
          dataSourceName: 'AzureKeyVaultsListV2',
          resultTemplate: '{ "Value" : "{{{name}}}", "DisplayValue" : "{{{name}}}" }',
        },
      ]);
      const vault = task.inputs.find(({ name }) => name === 'keyVaultName');
      assert.equal(vault?.properties?.EditableOptions, 'True');
    });

    it('shows the vault in the name of a new step', () => {
      assert.ok(task.instanceNameFormat.endsWith(': $(keyVaultName)'));
    });
  });
}
