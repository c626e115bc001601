import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { readTask, root } from '../../scripts/package/definitions';
import { composeInputHead, composeSyntax, yamlNameOf } from './reference-page';

const pages = {
  'tasks/keyvault-secrets': 'docs/key-vault-secrets.md',
  'tasks/keyvault-agent-access': 'docs/key-vault-agent-access.md',
};

/** The sections of a page by their headings. */
function readSections(page: string): ReadonlyMap<string, string> {
  const parts = readFileSync(path.join(root, page), 'utf8').split(/^## (.+)\n/m);
  return new Map(parts.flatMap((heading, index) => (index % 2 === 1 ? [[heading, parts[index + 1] ?? '']] : [])));
}

for (const [folder, page] of Object.entries(pages)) {
  const task = readTask(folder);
  const sections = readSections(page);
  const syntax = /^```yaml\n([^`]+)^```$/m.exec(sections.get('Syntax') ?? '')?.[1] ?? '';

  describe(`the reference page ${page}`, () => {
    it('has the sections of a task on Microsoft Learn', () => {
      const expected = ['Syntax', 'Inputs', 'Output variables', 'Remarks', 'Examples', 'Requirements'];
      assert.deepEqual(
        [...sections.keys()].filter((heading) => expected.includes(heading)),
        expected,
      );
    });

    it('shows in its Syntax block what task.json says', () => {
      assert.equal(syntax, composeSyntax(task));
    });

    it('has a Syntax block that is YAML, also when all optional inputs are used', () => {
      const [step] = parse(syntax.replace(/^( +)#(\w+:)/gm, '$1$2')) as [{ inputs: Record<string, unknown> }];
      assert.deepEqual(Object.keys(step.inputs).sort(), task.inputs.map(yamlNameOf).sort());
      const [least] = parse(syntax) as [{ inputs: Record<string, unknown> }];
      const required = task.inputs.filter((input) => input.required === true).map(yamlNameOf);
      assert.deepEqual(Object.keys(least.inputs).sort(), required.sort());
    });

    for (const input of task.inputs) {
      it(`describes the input ${yamlNameOf(input)} with its type, default and allowed values`, () => {
        const text = sections.get('Inputs') ?? '';
        const head = composeInputHead(input);
        assert.ok(text.includes(head), `Missing in ${page} under Inputs:\n${head}`);
        const description = text.split(head)[1]?.split('\n\n')[0] ?? '';
        assert.ok(description.length > 40, `'${description}' says too little`);
      });
    }

    it('states the requirements that task.json has', () => {
      const text = sections.get('Requirements') ?? '';
      assert.ok(text.includes(`| Agent version | ${task.minimumAgentVersion} or later |`));
      assert.ok(text.includes(`| Task category | ${task.category} |`));
      assert.match(text, /\| Runs on \| Agent, DeploymentGroup \|/);
      const restricted = task.restrictions === undefined ? 'Any' : 'Restricted';
      assert.ok(text.includes(`| Command restrictions | ${restricted} |`));
    });
  });
}
