import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { findVsix, unpackVsix } from '../../../scripts/package/vsix';
import { agentNodes, type AgentNode } from '../../../simulation/nodes/find-node';
import type { JobResult } from '../../../simulation/agent/job-result';
import { createAzureKeys, type AzureKeys } from '../../../simulation/azure/http/keys';
import { loadPublishedApi } from '../../../simulation/azure/published/published-api';
import { openWorkplace, type JobOptions, type Workplace, type WorkplaceOptions } from '../../../simulation/workplace';
import { findSelectedTests } from './selected-tests';

/** Where one scenario runs: a workplace of its own, and the packaged extension on one of the agent's Nodes. */
export interface TestBed extends Omit<Workplace, 'run'> {
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
    | ((testBed: TestBed) => Promise<void>)
    | { readonly with: WorkplaceOptions; readonly run: (testBed: TestBed) => Promise<void> }
  >
>;

/** Scenarios mostly wait (for quiet periods, back-off, signals), so that many fit on few cores. */
const atOnce = 8;

/** One set for all: making keys and certificates takes longer than most scenarios. */
let keys: Promise<AzureKeys> | undefined;

/**
 * Defines a test for each scenario on each of the agent's Nodes. Those that this run selects are started together, each
 * in its own workplace; each is one test that passes or fails by itself. Every exchange with Azure is held against the
 * published API descriptions as well, where those are at hand.
 */
export function describeScenarios(title: string, scenarios: Scenarios, nodes = agentNodes()): void {
  for (const node of nodes) {
    const onNode = `Node ${node.version}${node.exact ? '' : ` instead of the agent's Node ${node.kind}`}`;
    describe(`${title} (${onNode})`, function () {
      describeOnNode(this, node, scenarios);
    });
  }
}

function describeOnNode(suite: Mocha.Suite, node: AgentNode, scenarios: Scenarios): void {
  const limit = pLimit(atOnce);
  const running = new Map<string, Promise<void>>();
  const selectedTests = findSelectedTests(suite);
  let tasks = '';

  before(async () => {
    tasks = await mkdtemp(join(tmpdir(), 'key-vault-extension-'));
    await unpackVsix(findVsix(), tasks);
    const shared = { keys: await (keys ??= createAzureKeys()) };
    for (const { title } of selectedTests()) {
      const scenario = scenarios[title];
      if (scenario === undefined) continue;
      const { with: options, run } = typeof scenario === 'function' ? { with: {}, run: scenario } : scenario;
      const started = limit(() => runOn(node, tasks, { ...shared, ...options }, run));
      // The failure is the test's, which may not have begun to wait for it yet.
      started.catch(() => undefined);
      running.set(title, started);
    }
  });

  for (const title of Object.keys(scenarios)) {
    it(title, () => running.get(title) ?? assert.fail('the scenario was not started'));
  }

  after(() => rm(tasks, { recursive: true, force: true }));
}

async function runOn(
  node: AgentNode,
  tasks: string,
  options: WorkplaceOptions,
  run: (testBed: TestBed) => Promise<void>,
) {
  const place = await openWorkplace(options);
  try {
    await run({
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
