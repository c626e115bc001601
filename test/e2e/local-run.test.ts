import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createTunnelClient } from '../../simulation/azure/http/tunnel-client';

const root = join(__dirname, '../..');

interface Program {
  readonly child: ChildProcess;
  /** Resolves with the output so far when it matches; rejects when the program ends before. */
  readonly shows: (pattern: RegExp) => Promise<RegExpExecArray>;
  readonly ends: Promise<{ readonly code: number | null; readonly output: string }>;
}

function start(script: string, args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Program {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts/agent', script), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    detached: true,
  });
  let output = '';
  const ends = new Promise<{ code: number | null; output: string }>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
  const shows = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(output);
        if (found !== null) resolve(found);
      };
      child.stdout.on('data', look);
      child.stderr.on('data', look);
      void ends.then(() => {
        reject(new Error(output));
      });
      look();
    });
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return { child, shows, ends };
}

describe('a pipeline on this machine', function () {
  this.timeout(120_000);
  const example = 'examples/private-vault.yml';

  it('runs from the TypeScript sources: npm run agent -- pipeline.yml --source', async () => {
    const { code, output } = await start('agent.ts', [example, '--source']).ends;
    assert.match(output, /Job: Succeeded/);
    assert.doesNotMatch(output, /not-a-real-password/);
    assert.equal(code, 0);
  });

  it('runs the packaged tasks against an Azure that another program simulates: npm run azure, --real', async () => {
    const azure = start('azure.ts');
    try {
      const [, proxyUrl = '', caFile = ''] = await azure.shows(/HTTPS_PROXY=(\S+) NODE_EXTRA_CA_CERTS=(\S+)/);
      const [, tenant = '', client = '', secret = ''] = await azure.shows(
        /AZURE_TENANT_ID=(\S+) AZURE_CLIENT_ID=(\S+) AZURE_CLIENT_SECRET=(\S+)/,
      );
      const [, subscription = ''] = await azure.shows(/Subscription: (\S+)/);
      const curl = createTunnelClient({ proxyUrl, caFile });
      assert.equal((await curl.send('https://contoso-kv.vault.azure.net/healthstatus')).status, 200);
      curl.close();
      const args = [example, '--real', '--subscription', subscription];
      const { code, output } = await start('agent.ts', args, {
        HTTPS_PROXY: proxyUrl,
        NODE_EXTRA_CA_CERTS: caFile,
        AZURE_TENANT_ID: tenant,
        AZURE_CLIENT_ID: client,
        AZURE_CLIENT_SECRET: secret,
      }).ends;
      assert.match(output, /Job: Succeeded/);
      assert.equal(code, 0);
    } finally {
      azure.child.kill('SIGINT');
    }
    assert.equal((await azure.ends).code, 0);
  });

  it('waits for a debugger with --inspect', async () => {
    const agent = start('agent.ts', [example, '--source', '--inspect']);
    await agent.shows(/Debugger listening on ws:\/\/127\.0\.0\.1:9229\//);
    // Every process of the job would wait for a debugger, those after a cancellation as well: end the whole group.
    process.kill(-(agent.child.pid ?? assert.fail()), 'SIGKILL');
    const { output } = await agent.ends;
    assert.doesNotMatch(output, /runs at its normal position/);
  });

  it('says how it is used when it is not used so', async () => {
    const { code, output } = await start('agent.ts', ['--real', example]).ends;
    assert.equal(code, 2);
    assert.match(output, /^--real needs --subscription\.\n\nnpm run agent -- <pipeline\.yml>/);
  });
});
