import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.join(__dirname, '../..');
const environment = 'tasks/shared/agent/environment.ts';
const page = readFileSync(path.join(root, 'docs/security.md'), 'utf8');
const table = /^## Environment\n[^]*?^\|---.*\n((?:\|.*\n)+)/m.exec(page)?.[1] ?? '';
const rows = table.split('\n').filter((line) => line !== '');
/** The titles of a row's last column. */
const titles = rows.flatMap((row) =>
  [...(row.split(/(?<!\\)\|/)[4] ?? '').matchAll(/`([^`]+)`/g)].map(([, title = '']) => title),
);
const documented = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => name));

/** The lists of the module, asked in a process of their own: it empties the environment of the process that loads it. */
function readLists(): string[] {
  const script = `const e = require('./${environment.replace(/\.ts$/, '')}');
    console.log(JSON.stringify([...e.jobVariables, ...e.machineVariables, ...e.libraryVariables]))`;
  return JSON.parse(
    execFileSync(process.execPath, ['--require', 'tsx/cjs', '--eval', script], { cwd: root, encoding: 'utf8' }),
  ) as string[];
}

describe('the environment that the tasks read', () => {
  it('is the table of docs/security.md', () => {
    // What the agent itself writes is read by a name that is made of its parts.
    const written = /^(INPUT|ENDPOINT|VSTS)_/;
    const named = documented.filter((name) => name !== undefined && !written.test(name));
    assert.deepEqual(named.sort(), readLists().sort());
  });

  it('has a row with who can set it, what it can do, and a test', () => {
    for (const row of rows) assert.equal(row.split(/(?<!\\)\|/).filter((cell) => cell.trim() !== '').length, 4, row);
  });

  it('has only tests that are there', () => {
    const files = readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' });
    const tests = files.filter((name) => name.endsWith('.test.ts') && !name.includes(path.basename(__filename)));
    const texts = tests.map((name) => readFileSync(path.join(root, 'test', name), 'utf8'));
    assert.ok(titles.length >= rows.length);
    assert.deepEqual(
      titles.filter((title) => !texts.some((text) => text.includes(title))),
      [],
    );
  });

  it('is read in one place', () => {
    const files = readdirSync(path.join(root, 'tasks'), { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.endsWith('.ts') && !name.includes('node_modules'),
    );
    const readers = files.filter((name) =>
      /process\.env\b(?!\.SystemRoot\b)/.test(readFileSync(path.join(root, 'tasks', name), 'utf8')),
    );
    assert.deepEqual(
      readers.map((name) => `tasks/${name.split(path.sep).join('/')}`),
      [environment],
    );
  });
});
