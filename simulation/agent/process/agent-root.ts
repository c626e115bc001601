import { copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunOptions } from '../run-options';

/**
 * Creates the agent's own folder as far as tasks can see it: the Node that runs them, and the address of the proxy that
 * the agent was configured with (microsoft/azure-pipelines-agent HostContext.cs, VstsAgentWebProxy.cs). Returns the
 * path of the Node.
 */
export function prepareAgentRoot({ node, nodeKind, proxy, workFolder }: RunOptions): string {
  const root = dirname(workFolder);
  const bin = join(root, 'externals', nodeKind === '24' ? 'node24' : 'node20_1', 'bin');
  const installed = join(bin, basename(node));
  mkdirSync(bin, { recursive: true });
  rmSync(installed, { force: true });
  link(node, installed);
  const isConfigured = proxy !== undefined && proxy.url !== '' && proxy.fromEnvironment !== true;
  if (isConfigured) writeFileSync(join(root, '.proxy'), `${proxy.url}\n`);
  else rmSync(join(root, '.proxy'), { force: true });
  return installed;
}

/** Copying a hundred megabytes for every job would be slow. A symbolic link does not work, because Node resolves it. */
function link(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}
