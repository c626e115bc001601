import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AgentNode } from '../../simulation/nodes/find-node';
import { openWorkplace, type Workplace } from '../../simulation/workplace';
import { median, meterInto, readMeter } from './metered';

const rounds = 9;

export const startUpHead = ['process', 'until', 'median ms', 'x an empty script with the task library'];

/** One process to measure: returns the milliseconds from its start to its end, or to its first request. */
interface Candidate {
  readonly what: string;
  readonly until: 'its end' | 'its first request';
  readonly run: () => Promise<number>;
}

/** How long a step takes before it does anything, compared with Node and the task library alone, which every task needs. */
export async function measureStartUp(node: AgentNode, tasks: string): Promise<readonly (readonly string[])[]> {
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-start-up-'));
  const place = await openWorkplace();
  try {
    place.azure.setSecret(place.contoso.vault, { name: 'a', value: 'not-a-real-password-1' });
    place.azure.changeVault(place.contoso.vault, { properties: { networkAcls: { defaultAction: 'Allow' } } });
    const candidates = [
      ...(await idleScripts(node, folder)),
      ...idlePhases(node, tasks, folder),
      ...workingPhases(place, node, tasks, folder),
    ];
    const times = await inTurns(candidates);
    const floor = median(times[1] ?? []);
    return candidates.map(({ what, until }, index) => {
      const time = median(times[index] ?? []);
      return [what, until, time.toFixed(0), (time / floor).toFixed(2)];
    });
  } finally {
    await place.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** One round of each in turn, so that a slow period affects all of them. */
async function inTurns(candidates: readonly Candidate[]): Promise<readonly (readonly number[])[]> {
  const times = candidates.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { run }] of candidates.entries()) {
      times[index]?.push(await run());
    }
  }
  return times;
}

async function idleScripts(node: AgentNode, folder: string): Promise<Candidate[]> {
  const library = createRequire(__filename).resolve('azure-pipelines-task-lib/task');
  await writeFile(join(folder, 'empty.js'), '');
  await writeFile(join(folder, 'library.js'), `require(${JSON.stringify(library)});`);
  return [
    idle('an empty script', 'script-empty', join(folder, 'empty.js'), node, folder),
    idle('an empty script with the task library', 'script-library', join(folder, 'library.js'), node, folder),
  ];
}

function idlePhases(node: AgentNode, tasks: string, folder: string): Candidate[] {
  return [
    ['KeyVaultSecrets, the phase that is skipped', 'keyvault-secrets', 'prejob'],
    ['KeyVaultAgentAccess, the phase that is skipped', 'keyvault-agent-access', 'prejob'],
    ['KeyVaultAgentAccess post-job, nothing opened', 'keyvault-agent-access', 'postjob'],
  ].map(([what = '', task = '', phase = '']) => {
    const script = join(tasks, 'tasks', task, 'dist', `${phase}.js`);
    return idle(what, `${task.replaceAll('-', '')}-${phase}`, script, node, folder);
  });
}

function idle(what: string, name: string, script: string, node: AgentNode, folder: string): Candidate {
  const env = { ...meterInto(folder), AGENT_TEMPDIRECTORY: folder, AGENT_VERSION: '5.278.0' };
  const run = async () => {
    await promisify(execFile)(node.path, [script], { cwd: folder, env });
    return (await readMeter(folder, name)).total;
  };
  return { what, until: 'its end', run };
}

/**
 * Opening and sweeping begin in the same way, and sweeping does not wait. Like most agents, these have no certificate
 * authorities of their own. Therefore, the step does not trust the simulation, and ends after its first request.
 */
function workingPhases(place: Workplace, node: AgentNode, tasks: string, folder: string): Candidate[] {
  const working = (what: string, name: string, step: string): Candidate => ({
    what,
    until: 'its first request',
    run: async () => {
      const environment = meterInto(folder);
      const { log } = await place.run(`steps:\n  - ${step}\n`, { node, tasks, caFile: '', environment });
      if (!log.some((line) => line.includes('AKV-TLS'))) {
        throw new Error(`The measured job did not end with its first request:\n${log.join('\n')}`);
      }
      return (await readMeter(folder, name)).firstRequest ?? Number.NaN;
    },
  });
  const inputs = 'azureSubscription: contoso-secret, keyVault: contoso-kv';
  return [
    working(
      'KeyVaultSecrets, reading',
      'keyvaultsecrets-main',
      `{ task: KeyVaultSecrets@1, inputs: { ${inputs}, secrets: a } }`,
    ),
    working(
      'KeyVaultAgentAccess, sweeping',
      'keyvaultagentaccess-main',
      `{ task: KeyVaultAgentAccess@1, inputs: { ${inputs}, action: sweep } }`,
    ),
  ];
}
