import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { startAzure, type SimulatedAzure } from '../../simulation/azure/azure';
import { createAzureKeys, type AzureKeys } from '../../simulation/azure/http/keys';
import type { Egress } from '../../simulation/azure/http/proxy';
import { createTunnelClient } from '../../simulation/azure/http/tunnel-client';
import type { Application } from '../../simulation/azure/world';

const root = join(__dirname, '../..');
const password = 'not-a-real-password-1';

interface LiveReport {
  readonly passed: boolean;
  readonly interruption?: string;
  readonly findings: readonly { readonly id: string; readonly holds: boolean }[];
  readonly leftovers: readonly { readonly command: string }[];
}

interface Run {
  readonly code: number | null;
  readonly output: string;
  readonly report: LiveReport;
}

/** It runs the tasks on the first of the agent's Nodes, the newest; the other suites run them on both. */
describe('npm run live, against the simulated Azure', function () {
  this.timeout(180_000);
  let keys: AzureKeys;
  let azure: SimulatedAzure;
  let folder: string;
  let principal: Application;
  let administrator: Application;
  let subscription: string;

  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    azure = await startAzure({ keys });
    folder = await mkdtemp(join(tmpdir(), 'key-vault-live-test-'));
    const tenant = azure.addTenant();
    subscription = azure.addSubscription({ tenant }).id;
    [administrator, principal] = [0, 1].map(() => azure.addApplication({ tenant, secrets: [{ value: password }] })) as [
      Application,
      Application,
    ];
    azure.assignRole({ objectId: administrator.objectId, scope: `/subscriptions/${subscription}`, actions: ['*'] });
  });
  afterEach(async () => {
    await azure.stop();
    await rm(folder, { recursive: true });
  });

  /** A program named az that knows one command: the access tokens of the administrator. */
  async function installCli(proxyUrl: string): Promise<void> {
    const client = createTunnelClient({ proxyUrl, caFile: azure.caFile });
    const tokens: Record<string, unknown> = {};
    for (const resource of ['https://management.azure.com', 'https://vault.azure.net']) {
      const { clientId: client_id, tenantId } = administrator;
      const form = {
        grant_type: 'client_credentials',
        client_id,
        client_secret: password,
        scope: `${resource}/.default`,
      };
      const url = `https://login.microsoftonline.com/${tenantId}/oauth2/v2.0/token`;
      tokens[resource] = (
        (await client.send(url, { method: 'POST', form })).json as { access_token: string }
      ).access_token;
    }
    client.close();
    const program = `
      const [area, command, flag, resource] = process.argv.slice(2);
      if (area !== 'account' || command !== 'get-access-token' || flag !== '--resource') process.exit(1);
      console.log(JSON.stringify({ accessToken: ${JSON.stringify(tokens)}[resource] }));`;
    await writeFile(join(folder, 'az.js'), program);
    await writeFile(join(folder, 'az'), `#!/bin/sh\nexec "${process.execPath}" "${join(folder, 'az.js')}" "$@"\n`);
    await chmod(join(folder, 'az'), 0o755);
  }

  async function runLive(egress: Partial<Egress> = {}, interruptAt?: string): Promise<Run> {
    const { proxyUrl } = await azure.connectFrom({ addresses: ['20.50.1.10'], ...egress });
    await installCli(proxyUrl);
    const args = ['--subscription', subscription, '--report', join(folder, 'report')];
    const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'scripts/live/live.ts'), ...args], {
      cwd: root,
      env: {
        PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`,
        HOME: process.env.HOME,
        HTTPS_PROXY: proxyUrl,
        NODE_EXTRA_CA_CERTS: azure.caFile,
        AZURE_TENANT_ID: principal.tenantId,
        AZURE_CLIENT_ID: principal.clientId,
        AZURE_CLIENT_SECRET: password,
      },
    });
    let output = '';
    let isInterrupted = false;
    const listen = (chunk: Buffer): void => {
      output += chunk.toString();
      if (interruptAt === undefined || isInterrupted || !output.includes(interruptAt)) return;
      isInterrupted = true;
      child.kill('SIGINT');
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    const text = await readFile(join(folder, 'report/live-check.json'), 'utf8').catch(() => assert.fail(output));
    return { code, output, report: JSON.parse(text) as LiveReport };
  }

  /** No resource group, and no vault behind its name. */
  function assertNothingLeft(output: string): void {
    const vault = /with the vault (akv-live-\w+)/.exec(output)?.[1] ?? assert.fail(output);
    assert.throws(() => azure.vaultResource(vault), /There is no vault/);
    const isOf = (method: string, path: RegExp) =>
      azure.journal.some((entry) => entry.method === method && path.test(entry.path) && entry.status < 300);
    assert.ok(isOf('DELETE', /\/resourceGroups\/akv-live-\w+$/));
    assert.ok(isOf('POST', /\/deletedVaults\/akv-live-\w+\/purge$/));
  }

  it('verifies the register, runs the tasks, and removes what it has created', async () => {
    const { code, output, report } = await runLive();
    assert.deepEqual(
      report.findings.filter(({ holds }) => !holds),
      [],
      output,
    );
    assert.equal(report.passed, true, output);
    assert.equal(code, 0);
    assertNothingLeft(output);
    assert.doesNotMatch(output, /not-a-real-secret-of-the-live-check/);
    assert.match(await readFile(join(folder, 'report/live-check.md'), 'utf8'), /^# Live check of .*: passed$/m);
  });

  it('says which assumption does not hold', async () => {
    const { code, output, report } = await runLive({ stripResponseHeaders: ['x-ms-keyvault-network-info'] });
    const wrong = report.findings.filter(({ holds }) => !holds).map(({ id }) => id);
    assert.deepEqual([...wrong].sort(), ['vault-address-compared', 'vault-network-info'], output);
    assert.equal(code, 1);
    assertNothingLeft(output);
  });

  it('removes what it has created after Ctrl-C, also in the middle of a job', async () => {
    const { code, output, report } = await runLive({}, 'the secret is ***');
    assert.equal(report.interruption, 'interrupted', output);
    assert.equal(code, 1);
    assertNothingLeft(output);
  });

  it('names what it cannot remove, with the command', async () => {
    const scope = `/subscriptions/${subscription}`;
    azure.addLock({ scope, level: 'CanNotDelete' });
    const { code, output, report } = await runLive({}, 'ok   arm-acls-absent');
    assert.equal(code, 1);
    assert.match(report.leftovers[0]?.command ?? output, /^az group delete --name akv-live-\w+ --yes$/);
  });
});
