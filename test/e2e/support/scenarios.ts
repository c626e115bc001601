import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { findVsix, unpackVsix } from '../../../scripts/vsix.mjs';
import { agentNodes, type AgentNode } from '../../../simulation/nodes/find-node';
import type { JobResult } from '../../../simulation/agent/job-result';
import { createAzureKeys, type AzureKeys } from '../../../simulation/azure/http/keys';
import { loadPublishedApi } from '../../../simulation/azure/published/published-api';
import { openWorkplace, type JobOptions, type Workplace, type WorkplaceOptions } from '../../../simulation/workplace';

/** Where one scenario plays: a workplace of its own, and the packaged extension on one of the agent's Nodes. */
export interface Stage extends Omit<Workplace, 'run'> {
  readonly node: AgentNode;
  /** Runs a pipeline with the packaged tasks. */
  run(pipeline: string, options?: Partial<Omit<JobOptions, 'node' | 'tasks'>>): Promise<Outcome>;
}

/** A job's result, with its masked log as one text. */
export interface Outcome extends JobResult {
  readonly text: string;
}

/** A scenario by its title; `with` prepares its Azure. */
export type Scenarios = Readonly<
  Record<
    string,
    | ((stage: Stage) => Promise<void>)
    | { readonly with: WorkplaceOptions; readonly play: (stage: Stage) => Promise<void> }
  >
>;

/** Scenarios mostly wait (for quiet periods, back-off, signals), so many fit on few cores. */
const atOnce = 8;

/**
 * Defines a test for each scenario on each of the agent's Nodes. All are started together, each in its own workplace;
 * each is one test that passes or fails by itself. Every exchange with Azure is held against the published API
 * descriptions as well, where those are at hand.
 */
export function describeScenarios(title: string, scenarios: Scenarios): void {
  let keys: Promise<AzureKeys> | undefined;
  for (const node of agentNodes()) {
    describe(`${title} (${node.exact ? `the agent's Node ${node.version}` : `Node ${node.version} at hand for the agent's Node ${node.kind}`})`, () => {
      const limit = pLimit(atOnce);
      const playing = new Map<string, Promise<void>>();
      let tasks = '';

      before(async () => {
        tasks = await mkdtemp(join(tmpdir(), 'key-vault-extension-'));
        await unpackVsix(await findVsix(), tasks);
        // One set for all: making keys and certificates takes longer than most scenarios.
        const shared = { keys: await (keys ??= createAzureKeys()) };
        for (const [name, scenario] of Object.entries(scenarios)) {
          const { with: options, play } = typeof scenario === 'function' ? { with: {}, play: scenario } : scenario;
          const played = limit(() => playOn(node, tasks, { ...shared, ...options }, play));
          // The failure is the test's, which may not have begun to wait for it yet.
          played.catch(() => undefined);
          playing.set(name, played);
        }
      });

      for (const name of Object.keys(scenarios)) {
        it(name, () => playing.get(name));
      }

      after(() => rm(tasks, { recursive: true, force: true }));
    });
  }
}

async function playOn(
  node: AgentNode,
  tasks: string,
  options: WorkplaceOptions,
  play: (stage: Stage) => Promise<void>,
) {
  const place = await openWorkplace(options);
  try {
    await play({
      ...place,
      node,
      run: async (pipeline, jobOptions) => {
        const result = await place.run(pipeline, { ...jobOptions, node, tasks });
        return { ...result, text: result.log.join('\n') };
      },
    });
    assertPublishedShapes(place);
  } finally {
    await place.stop();
  }
}

function assertPublishedShapes({ azure }: Workplace): void {
  const published = loadPublishedApi();
  const answered = azure.journal.filter(({ invented }) => !invented);
  const problems = new Set(answered.flatMap((entry) => published?.conformanceProblems(entry) ?? []));
  // Some scenarios give a vault members that Azure may have one day, to see that they survive.
  const real = [...problems].filter((problem) => !problem.includes('"unevaluatedProperty":"future'));
  if (real.length > 0) {
    throw new Error(`Not as published:\n${real.join('\n')}`);
  }
}
