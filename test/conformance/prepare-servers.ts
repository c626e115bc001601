/** Gets the servers of the conformance suite ready; says which could not be had, and then fails. */
import { obtainServer, serverFolder, servers } from './servers';

async function prepare(): Promise<void> {
  const problems: string[] = [];
  // One at a time: each build uses all cores.
  for (const server of Object.values(servers)) {
    const problem = await obtainServer(server);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length === 0) return;
  process.stderr.write(`The conformance tests need these servers in ${serverFolder()}:\n${problems.join('\n')}\n`);
  process.exitCode = 1;
}

void prepare();
