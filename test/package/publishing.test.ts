import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { strToU8 } from 'fflate';
import { parse } from 'yaml';
import { readJson, root } from '../../scripts/package/definitions';
import { isPlaceholder, readHomepage } from '../../scripts/package/homepage';
import { findVsix, readVsix } from '../../scripts/package/vsix';
import { findPlaceholders } from '../../scripts/release/placeholders';

const releases = ['.azure-pipelines/release.yml', '.github/workflows/release.yml'];
const checks = ['azure-pipelines.yml', '.github/workflows/ci.yml'];
const { scripts } = readJson('package.json') as { scripts: Record<string, string> };

interface Stage {
  readonly stage: string;
  readonly dependsOn?: string;
  readonly jobs: readonly { readonly environment?: string }[];
}

interface AzurePipeline {
  readonly trigger: unknown;
  readonly stages: readonly Stage[];
}

interface Workflow {
  readonly on: unknown;
  readonly jobs: Record<string, { readonly needs?: string; readonly environment?: string }>;
}

const textOf = (file: string) => readFileSync(path.join(root, file), 'utf8');
/** The npm scripts that a definition runs, in order. */
const commandsOf = (text: string) =>
  [...text.matchAll(/npm (?:run ([\w:]+)|(test))/g)].map(([, script, test]) => script ?? test!);

for (const file of releases) {
  describe(file, () => {
    const text = textOf(file);

    it('runs all tests, checks the pictures, packages both extensions, and publishes with the script', () => {
      assert.deepEqual(commandsOf(text), ['test', 'test:long', 'check:pictures', 'package', 'package']);
      assert.match(text, /package -- --dev --build [^]*package -- --public$/m);
      assert.equal([...text.matchAll(/scripts\/release\/publish\.sh/g)].length, 2);
    });

    it('publishes the preview to one organization and the release to everyone', () => {
      const [preview = '', release = ''] = text
        .split('\n')
        .filter((line) => line.includes('scripts/release/publish.sh'));
      assert.match(preview, /\*-dev-\*\.vsix --share-with /);
      assert.match(release, /\*-tasks-\[0-9\]\*\.vsix$/);
    });
  });
}

for (const file of checks) {
  describe(file, () => {
    it('runs all tests on Linux, and those that depend on the system on Windows and macOS', () => {
      const text = textOf(file);
      assert.deepEqual(commandsOf(text), ['test', 'test:long', 'test:unit']);
      const systems = [...text.matchAll(/image: ([a-z]+-latest), tests: '([\w:]+)'/g)].map(([, ...found]) => found);
      assert.deepEqual(systems, [
        ['windows-latest', 'test:windows'],
        ['macos-latest', 'test:e2e'],
      ]);
    });
  });
}

for (const file of [...releases, ...checks]) {
  describe(file, () => {
    it('runs commands that exist', () => {
      for (const name of [...commandsOf(textOf(file)), 'test:windows', 'test:e2e']) assert.ok(name in scripts, name);
    });

    it('knows no secret and no personal access token', () => {
      assert.doesNotMatch(textOf(file), /secrets\.|PAT\b|password|client-secret/);
    });

    it('names actions by their commit, which cannot be moved', () => {
      for (const [, action = ''] of textOf(file).matchAll(/uses: (.*)/g)) {
        assert.match(action, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
      }
    });
  });
}

describe('the order of publishing', () => {
  it('on Azure Pipelines is: for tags alone, checked, then previewed, then approved in the environment marketplace', () => {
    const { trigger, stages } = parse(textOf(releases[0]!)) as AzurePipeline;
    assert.deepEqual(trigger, { branches: { exclude: ['*'] }, tags: { include: ['v*'] } });
    assert.deepEqual(
      stages.map(({ stage }) => stage),
      ['check', 'preview', 'release'],
    );
    for (const { dependsOn } of stages) {
      assert.equal(dependsOn, undefined, 'without it a stage waits for the one in front of it');
    }
    assert.equal(stages[2]!.jobs[0]!.environment, 'marketplace');
  });

  it('on GitHub is the same', () => {
    const workflow = parse(textOf(releases[1]!)) as Workflow;
    assert.deepEqual(workflow.on, { push: { tags: ['v*'] } });
    assert.deepEqual(Object.keys(workflow.jobs), ['check', 'preview', 'release']);
    assert.equal(workflow.jobs.preview!.needs, 'check');
    assert.equal(workflow.jobs.release!.needs, 'preview');
    assert.equal(workflow.jobs.release!.environment, 'marketplace');
  });
});

describe('an extension with placeholders', () => {
  const manifestOf = (publisher: string) => strToU8(`<Identity Language="en-US" Publisher="${publisher}" />`);

  it('is the one in the sources, as long as no home page and publisher are set', async () => {
    const found = findPlaceholders(await readVsix(findVsix()));
    assert.equal(found.length, isPlaceholder(readHomepage(root)) ? 2 : 0, found.join('\n'));
  });

  it('is found by a link to the reserved address in any file, and by the publisher', () => {
    const files = new Map([
      ['extension.vsixmanifest', manifestOf('pipeline-tasks')],
      ['overview.md', strToU8('[Help](https://pipeline-tasks.example/azure-key-vault/issues)')],
    ]);
    assert.deepEqual(findPlaceholders(files), [
      "'homepage' in package.json is a placeholder; it is linked by overview.md",
      "'publisher' in vss-extension.json is the placeholder 'pipeline-tasks'",
    ]);
  });

  it('is not one with a home and a publisher of its own', () => {
    const files = new Map([['extension.vsixmanifest', manifestOf('contoso')]]);
    assert.deepEqual(findPlaceholders(files), []);
  });

  it('is private', async () => {
    const manifest = Buffer.from((await readVsix(findVsix())).get('extension.vsixmanifest') ?? []).toString();
    assert.match(manifest, /<GalleryFlags>Preview<\/GalleryFlags>/);
  });
});

describe('scripts/release/publish.sh', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'publish-'));
    // Fake programs that show how they were called.
    const programs = {
      npm: 'echo "npm $*" >&2',
      az: 'echo "az $*" >&2; echo not-a-real-token-1',
      npx: 'echo "npx $*"',
    };
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
    assert.match(stderr, /^npm run --silent check:publishable -- one\.vsix$/m);
    assert.match(stderr, /^az account get-access-token --resource 499b84ac-1321-427f-aa17-267ca6975798 /m);
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

  it('does not publish what is not fit to be published', () => {
    writeFileSync(path.join(folder, 'npm'), '#!/bin/sh\nexit 1\n');
    const { stdout, stderr, status } = publish(['one.vsix']);
    assert.notEqual(status, 0);
    assert.doesNotMatch(stdout + stderr, /npx|az account/);
  });

  it('does not publish without a token, or without a file', () => {
    writeFileSync(path.join(folder, 'az'), '#!/bin/sh\necho "ERROR: run az login" >&2; exit 1\n');
    for (const args of [['one.vsix'], []]) {
      const { stdout, status } = publish(args);
      assert.notEqual(status, 0);
      assert.doesNotMatch(stdout, /npx/);
    }
  });
});
