import { readdirSync, readFileSync } from 'node:fs';

/**
 * Ends the processes that steps of this job left behind, as the agent does when it finalizes a job: all that carry the
 * job's own id in their environment (microsoft/azure-pipelines-agent JobExtension.cs). Linux only.
 */
export function endOrphans(lookupId: string): void {
  if (process.platform !== 'linux') return;
  const marker = `VSTS_PROCESS_LOOKUP_ID=${lookupId}`;
  for (const entry of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      if (!readFileSync(`/proc/${entry}/environ`, 'utf8').split('\0').includes(marker)) continue;
      process.kill(Number(entry), 'SIGKILL');
    } catch {
      // It has ended, or belongs to another user.
    }
  }
}
