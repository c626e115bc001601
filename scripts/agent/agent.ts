/** `npm run agent -- pipeline.yml`: a pipeline in the local agent. See simulation/README.md. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLineRenderer } from '../../simulation/agent/log/print-log';
import type { JobResult } from '../../simulation/agent/job-result';
import type { RunOptions } from '../../simulation/agent/run-options';
import { agentNodes, type AgentNode } from '../../simulation/nodes/find-node';
import { openWorkplace } from '../../simulation/workplace';
import { fillVault } from '../demo/contoso-vault';
import { findVsix, unpackVsix } from '../package/vsix';
import { readPrincipal, runAgainstAzure } from './real-azure';
import { layOutSources } from './source-tasks';

const usage = `npm run agent -- <pipeline.yml> [--source] [--inspect] [--node 20|24] [--real --subscription <id> [--connection <name>]]

  --source      Run the tasks from their TypeScript sources instead of the packaged extension.
  --inspect     Every Node process waits for a debugger on 127.0.0.1:9229.
  --real        Use the real Azure instead of the simulated one. The service connection of the pipeline (contoso-federated
                unless --connection names it) is the service principal of AZURE_TENANT_ID, AZURE_CLIENT_ID, AZURE_CLIENT_SECRET.`;

function readArguments() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      source: { type: 'boolean', default: false },
      inspect: { type: 'boolean', default: false },
      node: { type: 'string', default: '24' },
      real: { type: 'boolean', default: false },
      subscription: { type: 'string' },
      connection: { type: 'string', default: 'contoso-federated' },
    },
  });
  const [file, ...more] = positionals;
  const node = agentNodes().find(({ kind }) => kind === values.node);
  if (file === undefined || more.length > 0) throw new Error('Name one pipeline file.');
  if (node === undefined) throw new Error(`'${values.node}' is not valid for --node; allowed: 20, 24.`);
  if (values.real && values.subscription === undefined) throw new Error('--real needs --subscription.');
  return { ...values, file, node };
}

type Arguments = ReturnType<typeof readArguments>;

async function runPipeline({ file, node, ...given }: Arguments): Promise<JobResult> {
  const pipeline = await readFile(file, 'utf8');
  const folder = await mkdtemp(join(tmpdir(), 'key-vault-tasks-'));
  const stop = new AbortController();
  const onInterrupt = () => {
    stop.abort();
  };
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  try {
    if (given.source) layOutSources(folder);
    else await unpackVsix(findVsix(), folder);
    const options = { onLine: printer(), signal: stop.signal, ...inspection(given.inspect) };
    if (given.real) {
      const { subscription = '', connection } = given;
      const job = { principal: readPrincipal(process.env), subscription, connection, node, tasks: folder };
      return await runAgainstAzure(pipeline, job, options);
    }
    return await runSimulated(pipeline, { node, tasks: folder }, options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runSimulated(
  pipeline: string,
  extension: { readonly node: AgentNode; readonly tasks: string },
  options: Partial<RunOptions>,
): Promise<JobResult> {
  const place = await openWorkplace();
  try {
    fillVault(place);
    return await place.run(pipeline, { ...options, ...extension });
  } finally {
    await place.stop();
  }
}

/** The processes of a job run one after the other, so one port is enough for all of them. */
function inspection(isWanted: boolean): Partial<RunOptions> {
  if (!isWanted) return {};
  const { PATH = '', HOME = '' } = process.env;
  return { environment: { PATH, HOME, NODE_OPTIONS: '--inspect-brk=127.0.0.1:9229' } };
}

function printer(): (line: string) => void {
  const render = createLineRenderer(process.stdout.isTTY && process.env.NO_COLOR === undefined);
  return (line) => {
    const text = render(line);
    if (text !== undefined) process.stdout.write(`${text}\n`);
  };
}

async function main(): Promise<number> {
  try {
    const { result } = await runPipeline(readArguments());
    process.stdout.write(`\nJob: ${result}\n`);
    return result === 'Succeeded' || result === 'SucceededWithIssues' ? 0 : 1;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${usage}\n`);
    return 2;
  }
}

void main().then((code) => {
  process.exitCode = code;
});
