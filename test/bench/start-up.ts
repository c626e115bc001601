import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentNode } from '../nodes/find-node';

const rounds = 11;

/** The time from start to end of processes that have nothing to do: what every step pays before its first request. */
export function measureStartUp(node: AgentNode, tasks: string): readonly (readonly string[])[] {
  const folder = mkdtempSync(join(tmpdir(), 'key-vault-start-up-'));
  try {
    const empty = join(folder, 'empty.js');
    writeFileSync(empty, '');
    const scripts = [
      ['an empty script', empty],
      ['KeyVaultSecrets, the phase that is skipped', join(tasks, 'tasks/keyvault-secrets/dist/prejob.js')],
      ['KeyVaultAgentAccess, the phase that is skipped', join(tasks, 'tasks/keyvault-agent-access/dist/prejob.js')],
      ['KeyVaultAgentAccess post-job, nothing opened', join(tasks, 'tasks/keyvault-agent-access/dist/postjob.js')],
    ] as const;
    // One round of each in turn, so that a slow spell of the machine meets all of them.
    const times = scripts.map((): number[] => []);
    for (let round = 0; round < rounds; round += 1) {
      scripts.forEach(([, script], index) => times[index]?.push(timeOf(node, script, folder)));
    }
    const medians = times.map(median);
    return scripts.map(([name], index) => [
      name,
      (medians[index] ?? 0).toFixed(0),
      ((medians[index] ?? 0) / (medians[0] ?? 1)).toFixed(2),
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeOf(node: AgentNode, script: string, folder: string): number {
  const started = performance.now();
  spawnSync(node.path, [script], { cwd: folder, env: { AGENT_TEMPDIRECTORY: folder, AGENT_VERSION: '5.278.0' } });
  return performance.now() - started;
}

/** The middle value. */
export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}
