/** The simulated Azure as one thing: its parts put together, and where clients find it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

import type { ArmLimits } from './arm-service';
import type { SimulatedRequest } from './exchange';
import { createFaults } from './faults';
import type { Fault } from './faults';
import { serveRequest } from './gateway';
import { answerService, resolveHost } from './hosts';
import { createJournal } from './journal';
import type { JournalEntry } from './journal';
import { createAzureKeys } from './keys';
import type { AzureKeys } from './keys';
import { populate } from './population';
import type { Population, Undo } from './population';
import { openProxy } from './proxy';
import type { AgentNetwork, Egress } from './proxy';
import { createWorld } from './world';

export interface AzureOptions {
  /** Azure's time in milliseconds since 1970, and its way to wait. Certificates go by the real clock regardless. */
  readonly clock?: { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<void> };
  /**
   * How long an operation takes, in milliseconds. ARM's writes hold the vault for this time; whatever else shows the
   * state at its beginning, so that what a client reads is as old as the answer was slow.
   */
  readonly latency?: (request: SimulatedRequest) => number;
  /** ARM's rate limits for one principal in one subscription. */
  readonly armLimits?: Partial<ArmLimits>;
  /** Entries on a page of ARM's listings. */
  readonly armPageSize?: number;
  readonly tokenLifetimeSeconds?: number;
  /** Without them it makes its own, which takes longer than all the rest. */
  readonly keys?: AzureKeys;
}

export interface SimulatedAzure extends Population {
  /** PEM file with the certificate that clients have to trust; gone after `stop`. */
  readonly caFile: string;
  /** Every request in the order of arrival. */
  readonly journal: readonly JournalEntry[];
  /** Opens a proxy that stands for one agent's way to Azure. */
  connectFrom(egress: Egress): Promise<AgentNetwork>;
  /** Orders a failure; faults ordered first are met first. */
  fault(fault: Fault): Undo;
  /** Closes every proxy and connection, and removes the file. */
  stop(): Promise<void>;
}

/** What Microsoft publishes in "Understand how Azure Resource Manager throttles requests". */
const publishedLimits: ArmLimits = {
  reads: { capacity: 250, refillPerSecond: 25 },
  writes: { capacity: 200, refillPerSecond: 10 },
  deletes: { capacity: 200, refillPerSecond: 10 },
};

const realClock = { now: Date.now, sleep: (milliseconds: number) => setTimeout(milliseconds) };

/** Starts an empty Azure. */
export async function startAzure(options: AzureOptions = {}): Promise<SimulatedAzure> {
  const { now, sleep } = options.clock ?? realClock;
  const keys = options.keys ?? (await createAzureKeys());
  const { authority } = keys;
  const world = createWorld(keys);
  const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, authority.pem);
  const pause = async (request: SimulatedRequest): Promise<void> => {
    const milliseconds = options.latency?.(request) ?? 0;
    await (milliseconds > 0 ? sleep(milliseconds) : setImmediate());
  };
  const servicePorts = {
    now,
    newId: randomUUID,
    pause,
    limits: { ...publishedLimits, ...options.armLimits },
    pageSize: options.armPageSize ?? 100,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
  };
  const faults = createFaults();
  const journal = createJournal();
  const answer = (request: SimulatedRequest) => answerService(world, request, servicePorts);
  const gateway = { now, sleep, faults, journal, answer };
  const networks: AgentNetwork[] = [];
  let connections = 0;
  const proxyPorts: Parameters<typeof openProxy>[1] = {
    authority,
    resolve: (host) => resolveHost(world, host),
    nextConnection: () => ++connections,
    serve: (...exchange) => serveRequest(gateway, ...exchange),
  };
  return {
    ...populate(world, servicePorts),
    caFile,
    journal: journal.entries,
    fault: faults.order,
    connectFrom: async (egress) => {
      const network = await openProxy(egress, proxyPorts);
      networks.push(network);
      return network;
    },
    stop: async () => {
      await Promise.all(networks.map((network) => network.stop()));
      await rm(folder, { recursive: true });
    },
  };
}
