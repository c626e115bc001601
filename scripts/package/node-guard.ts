/**
 * Ends the process when an agent runs a task on a Node older than 20. On an old system the agent falls back to Node 16
 * or 10 (microsoft/azure-pipelines-agent, NodeHandler.cs), which cannot even read a task's bundle: the build puts the
 * text of this function in front of the bundle's loading. It therefore uses nothing but its parameters.
 */
export function refuseOldNode(
  process: { readonly versions: { readonly node: string }; exit(code: number): void },
  fs: { writeSync(descriptor: number, text: string): void },
  url: string,
): void {
  const version = process.versions.node;
  if (parseInt(version, 10) >= 20) return;
  const problem = `AKV-NODE: This task needs Node 20 or newer, but the agent runs it with Node ${version}`;
  const cause = 'Agents do so where Node 20 does not run, or where AGENT_USE_NODE10 is set';
  const remedy = 'Update the operating system or the container image of the agent, and remove AGENT_USE_NODE10';
  const more = url === '' ? 'AKV-NODE in docs/troubleshooting.md' : `${url}#akv-node`;
  const lines = [
    `##vso[task.logissue type=error]${problem}. ${cause}. ${remedy}. More: ${more}`,
    `##vso[task.complete result=Failed;]${problem}`,
  ];
  // Synchronous, because process.exit drops what has not been written to a pipe.
  fs.writeSync(1, `${lines.join('\n')}\n`);
  process.exit(0);
}
