import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findStartUpProblems } from '../../scripts/package/check/start-up';
import { findVsix, unpackVsix } from '../../scripts/package/vsix';
import { agentNodes } from '../../simulation/nodes/find-node';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'start-up-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** What is found in an extension of one task whose main phase is this script. */
async function problemsOf(script: string): Promise<string[]> {
  const dist = path.join(folder, 'tasks/example/dist');
  mkdirSync(dist, { recursive: true });
  writeFileSync(path.join(dist, 'main.js'), script);
  return findStartUpProblems(folder, process.execPath);
}

for (const { version, path: node, exact } of agentNodes()) {
  describe(`the packed tasks on ${exact ? '' : 'this '}Node ${version}`, () => {
    it('touch no network, no program, and of the disk only their own folder and Agent.TempDirectory when they start', async () => {
      await unpackVsix(findVsix(), folder);
      assert.deepEqual(await findStartUpProblems(folder, node), []);
    });
  });
}

/** The files that a script has loaded when it is done, with their sizes. */
function filesLoadedBy(script: string): ReadonlyMap<string, number> {
  const source = `process.on('exit', () => process.stderr.write(JSON.stringify(Object.keys(require.cache)))); require(${JSON.stringify(script)})`;
  const env = { AGENT_TEMPDIRECTORY: folder, AGENT_VERSION: '5.278.0', SystemRoot: process.env.SystemRoot };
  const { stderr } = spawnSync(process.execPath, ['-e', source], { cwd: folder, env, encoding: 'utf8' });
  return new Map((JSON.parse(stderr) as string[]).map((file) => [path.basename(file), statSync(file).size]));
}

describe('a phase that has nothing to do', () => {
  for (const entry of ['keyvault-secrets/dist/prejob.js', 'keyvault-agent-access/dist/postjob.js']) {
    it(`loads at most 8 files and 350 KiB of code, and no client of Azure: ${entry}`, async () => {
      await unpackVsix(findVsix(), folder);
      const loaded = filesLoadedBy(path.join(folder, 'tasks', entry));
      const size = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
      assert.ok(loaded.size <= 8, [...loaded.keys()].join(' '));
      assert.ok(size <= 350 * 1024, `${size} bytes`);
      assert.deepEqual(
        [...loaded.keys()].filter((name) => /^(credential|wiring)-/.test(name)),
        [],
      );
    });
  }
});

describe('a task at whose start something happens', () => {
  const where = (kind: string) => new RegExp(`^tasks/example/dist/main\\.js touches the ${kind} at start-up: `);
  const scripts: Record<string, [script: string, kind: string, what: RegExp]> = {
    'reads a file of the system': ["require('fs').existsSync('/etc/hosts')", 'disk', /existsSync .*hosts$/],
    'writes into its working directory': ["require('node:fs').writeFileSync('x', '')", 'disk', /writeFileSync .*x$/],
    'reads with promises': ["require('fs/promises').readFile('absent').catch(() => 0)", 'disk', /readFile .*absent$/],
    'opens a connection': [
      "require('https').get('https://127.0.0.1:65001').on('error', () => 0)",
      'network',
      /connect 127\.0\.0\.1:65001$/,
    ],
    'asks for an address': ["require('dns').lookup('localhost', () => 0)", 'network', /dns\.lookup localhost$/],
    'fetches with fetch': ["fetch('http://127.0.0.1:65001').catch(() => 0)", 'network', /connect 127\.0\.0\.1:65001$/],
    'starts a program': ["require('child_process').spawnSync(process.execPath, ['-v'])", 'machine', /spawnSync /],
  };
  for (const [title, [script, kind, what]] of Object.entries(scripts)) {
    it(`is found when it ${title}`, async () => {
      const problems = await problemsOf(script);
      assert.ok(
        problems.some((problem) => where(kind).test(problem) && what.test(problem)),
        `found: ${problems.join('\n')}`,
      );
    });
  }

  it('is found when it does not come up', async () => {
    const [problem = ''] = await problemsOf("process.exitCode = 3; console.log('out of order')");
    assert.match(problem, /^tasks\/example\/dist\/main\.js does not start \(exit code 3\):\nout of order/);
  });

  it('is let through when it stays in its own folder and in Agent.TempDirectory', async () => {
    const inTemp = "require('fs').writeFileSync(process.env.AGENT_TEMPDIRECTORY + '/key', '')";
    assert.deepEqual(await problemsOf(`require('fs').readFileSync(__filename); ${inTemp}`), []);
  });
});
