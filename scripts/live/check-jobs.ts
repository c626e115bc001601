import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { agentNodes } from '../../simulation/nodes/find-node';
import { runAgainstAzure } from '../agent/real-azure';
import { findVsix, unpackVsix } from '../package/vsix';
import { secretValue } from './create-vault';
import type { Findings } from './findings';
import type { Site } from './site';

const connection = 'live';

/** A job as users write it: open, read, use; the last step can fail. */
const pipelineOf = ({ vault, group }: Site, lastStep: string) => `
steps:
  - task: KeyVaultAgentAccess@1
    inputs: { azureSubscription: ${connection}, keyVault: ${vault}, resourceGroupName: ${group} }
  - task: KeyVaultSecrets@1
    inputs:
      azureSubscription: ${connection}
      keyVault: ${vault}
      secrets: |
        token -> TOKEN
        other-* -> *
        tls | cert -> TLS_CERT
        tls | key -> TLS_KEY
  - script: ${lastStep}
`;

/** Runs the packaged tasks in the local agent: they read the secrets, and the vault is unchanged afterwards. */
export async function checkJobs(site: Site, findings: Findings, onLine: (line: string) => void, signal: AbortSignal) {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-live-'));
  const [node] = agentNodes();
  if (node === undefined) throw new Error('There is no Node to run the tasks on.');
  try {
    await unpackVsix(findVsix(), folder);
    const run = async (lastStep: string) => {
      const before = await firewallOf(site);
      const job = {
        principal: site.options.principal,
        subscription: site.options.subscription,
        connection,
        node,
        tasks: folder,
      };
      const started = performance.now();
      const outcome = await runAgainstAzure(pipelineOf(site, lastStep), job, { onLine, signal });
      signal.throwIfAborted();
      const isRestored = (await firewallOf(site)) === before;
      return { ...outcome, isRestored, milliseconds: Math.round(performance.now() - started) };
    };
    const read = await run('echo the secret is $(TOKEN)');
    findings.measurements['a job that opens, reads 29 secrets and closes'] = read.milliseconds;
    const valueOf = (name: string) => read.variables[name]?.value ?? '';
    const isRead = read.result === 'Succeeded' && valueOf('TOKEN') === secretValue && valueOf('26') === secretValue;
    findings.note('job: secrets are read through the firewall', isRead, `result ${read.result}`);
    const isMasked = !read.log.some((line) => line.includes(secretValue)) && read.log.includes('the secret is ***');
    findings.note('job: no secret is in the log', isMasked, `${read.log.length} lines`);
    findings.note('job: the vault is as it was', read.isRestored, 'rules and tags before and after');
    const isPem =
      valueOf('TLS_CERT').startsWith('-----BEGIN CERTIFICATE-----') && valueOf('TLS_KEY').includes('PRIVATE KEY-----');
    findings.note('vault-certificate-secret', isPem, 'certificate and key of an imported certificate as PEM');
    const failed = await run('exit 3');
    const isClosed = failed.result === 'Failed' && failed.isRestored;
    findings.note('job: the firewall is closed after a failed step', isClosed, `result ${failed.result}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function firewallOf({ readVault }: Site): Promise<string> {
  const { tags, properties } = await readVault();
  return JSON.stringify([tags, properties]);
}
