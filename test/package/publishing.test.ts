import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { readJson, root } from '../../scripts/package/definitions';

const pipelines = ['azure-pipelines.yml', '.github/workflows/release.yml'];
const { scripts } = readJson('package.json') as { scripts: Record<string, string> };

interface Stage {
  readonly stage: string;
  readonly dependsOn?: string;
  readonly condition?: string;
  readonly jobs: readonly { readonly environment?: string }[];
}

interface Workflow {
  readonly jobs: Record<string, { readonly needs?: string; readonly if?: string; readonly environment?: string }>;
}

for (const file of pipelines) {
  describe(file, () => {
    const text = readFileSync(path.join(root, file), 'utf8');

    it('runs the tests, packages the preview, and publishes with the script, each by a command that exists', () => {
      const commands = [...text.matchAll(/npm (?:run ([\w:]+)|(test))/g)].map(([, script, test]) => script ?? test!);
      assert.deepEqual(commands, ['test', 'test:long', 'package']);
      for (const name of commands) assert.ok(name in scripts, name);
      assert.equal([...text.matchAll(/scripts\/release\/publish\.sh/g)].length, 2);
    });

    it('publishes the preview to one organization and the release to everybody', () => {
      const [preview = '', release = ''] = text
        .split('\n')
        .filter((line) => line.includes('scripts/release/publish.sh'));
      assert.match(preview, /\*-dev-\*\.vsix --share-with /);
      assert.match(release, /\*-tasks-\[0-9\]\*\.vsix$/);
    });

    it('knows no secret and no personal access token', () => {
      assert.doesNotMatch(text, /secrets\.|PAT\b|password|client-secret/);
    });
  });
}

describe('the order of publishing', () => {
  it('on Azure Pipelines is: checked, then previewed if tagged, then approved in the environment marketplace', () => {
    const { stages } = parse(readFileSync(path.join(root, pipelines[0]!), 'utf8')) as { stages: Stage[] };
    const [check, preview, release] = stages;
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ['check', 'preview', 'release'],
    );
    assert.equal(check!.condition, undefined);
    const tagged = "and(succeeded(), startsWith(variables['Build.SourceBranch'], 'refs/tags/v'))";
    for (const stage of [preview!, release!]) {
      assert.equal(stage.dependsOn, undefined, 'without it a stage waits for the one in front of it');
      assert.equal(stage.condition, tagged);
    }
    assert.equal(release!.jobs[0]!.environment, 'marketplace');
  });

  it('on GitHub is the same', () => {
    const { jobs } = parse(readFileSync(path.join(root, pipelines[1]!), 'utf8')) as Workflow;
    assert.deepEqual(Object.keys(jobs), ['check', 'preview', 'release']);
    assert.equal(jobs.preview!.needs, 'check');
    assert.equal(jobs.preview!.if, "startsWith(github.ref, 'refs/tags/v')");
    assert.equal(jobs.release!.needs, 'preview');
    assert.equal(jobs.release!.environment, 'marketplace');
  });
});

describe('scripts/release/publish.sh', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'publish-'));
    // Stand-ins for the Azure CLI and for npx that show how they were called.
    const programs = { az: 'echo "az $*" >&2; echo not-a-real-token-1', npx: 'echo "npx $*"' };
    for (const [name, script] of Object.entries(programs)) {
      writeFileSync(path.join(folder, name), `#!/bin/sh\n${script}\n`);
      chmodSync(path.join(folder, name), 0o755);
    }
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  function publish(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
    const env = { PATH: `${folder}${path.delimiter}${process.env.PATH ?? ''}`, ...environment };
    return spawnSync('bash', [path.join(root, 'scripts/release/publish.sh'), ...args], { env, encoding: 'utf8' });
  }

  it('publishes with a token for Azure DevOps of whoever is logged in', () => {
    const { stdout, stderr, status } = publish(['one.vsix', '--share-with', 'contoso']);
    assert.equal(status, 0);
    assert.match(stderr, /^az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 /);
    assert.match(
      stdout,
      /^npx --no-install tfx extension publish --vsix one\.vsix .*--token not-a-real-token-1 .*--share-with contoso$/m,
    );
  });

  for (const [name, mask] of [
    ['TF_BUILD', '##vso[task.setsecret]not-a-real-token-1'],
    ['GITHUB_ACTIONS', '::add-mask::not-a-real-token-1'],
  ] as const) {
    it(`masks the token before anything else under ${name}`, () => {
      assert.equal(publish(['one.vsix'], { [name]: 'True' }).stdout.split('\n')[0], mask);
    });
  }

  it('does not publish without a token, or without a file', () => {
    writeFileSync(path.join(folder, 'az'), '#!/bin/sh\necho "ERROR: run az login" >&2; exit 1\n');
    for (const args of [['one.vsix'], []]) {
      const { stdout, status } = publish(args);
      assert.notEqual(status, 0);
      assert.doesNotMatch(stdout, /npx/);
    }
  });
});
