/** The simulated Azure: combines its parts, and provides what clients need to reach it. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';

import type { ArmLimits } from './arm/call';
import type { SimulatedRequest } from './http/exchange';
import { createFaults } from './http/faults';
import type { Fault } from './http/faults';
import { serveRequest } from './http/gateway';
import { answerService, resolveHost } from './http/hosts';
import type { AllPorts } from './http/hosts';
import { createJournal } from './http/journal';
import type { JournalEntry } from './http/journal';
import { createAzureKeys } from './http/keys';
import type { AzureKeys } from './http/keys';
import { populate } from './population';
import type { Population, Undo } from './population';
import { openProxy } from './http/proxy';
import type { AgentNetwork, Egress, ProxyPorts } from './http/proxy';
import { createWorld } from './world';

export interface AzureOptions {
  /** Azure's time in milliseconds since 1970, and how it waits. Certificates always use the real clock. */
  readonly clock?: { readonly now: () => number; readonly sleep: (milliseconds: number) => Promise<void> };
  /**
   * How long an operation takes, in milliseconds. ARM's writes hold the vault for this time. All other operations show
   * the state at their beginning, so that what a client reads is as old as the answer was slow.
   */
  readonly latency?: (request: SimulatedRequest) => number;
  /** ARM's rate limits for one principal in one subscription. */
  readonly armLimits?: Partial<ArmLimits>;
  /**
   * Accepts the versions of Microsoft.KeyVault that ARM refuses from 2027-02-27 on, for clients that still send them.
   */
  readonly acceptsRetiredVersions?: boolean;
  /** Entries on a page of ARM's listings. */
  readonly armPageSize?: number;
  readonly tokenLifetimeSeconds?: number;
  /** Without them, it creates its own, which takes longer than everything else. */
  readonly keys?: AzureKeys;
}

export interface SimulatedAzure extends Population {
  /** PEM file with the certificate that clients must trust; removed by `stop`. */
  readonly caFile: string;
  /** Every request in the order of arrival. */
  readonly journal: readonly JournalEntry[];
  /** Opens a proxy that represents one agent's network path to Azure. */
  connectFrom(egress: Egress): Promise<AgentNetwork>;
  /** Advances Azure's clock by this many milliseconds; the machine's clock is unchanged. */
  passTime(milliseconds: number): void;
  /** Adds a failure; failures that were added first are used first. */
  fault(fault: Fault): Undo;
  /** Closes every proxy and connection, and removes the file. */
  stop(): Promise<void>;
}

/** The limits that Microsoft publishes in "Understand how Azure Resource Manager throttles requests". */
const publishedLimits: ArmLimits = {
  reads: { capacity: 250, refillPerSecond: 25 },
  writes: { capacity: 200, refillPerSecond: 10 },
  deletes: { capacity: 200, refillPerSecond: 10 },
};

const realClock: NonNullable<AzureOptions['clock']> = {
  now: Date.now,
  sleep: (milliseconds) => setTimeout(milliseconds),
};

/** Starts an empty Azure. */
export async function startAzure(options: AzureOptions = {}): Promise<SimulatedAzure> {
  const keys = options.keys ?? (await createAzureKeys());
  const world = createWorld(keys);
  const { clock: given = realClock } = options;
  let ahead = 0;
  const clock = { ...given, now: () => given.now() + ahead };
  const servicePorts = createServicePorts(options, clock);
  const faults = createFaults();
  const journal = createJournal();
  const answer = (request: SimulatedRequest) => answerService(world, request, servicePorts);
  const gateway = { ...clock, faults, journal, answer };
  const networks: AgentNetwork[] = [];
  let connections = 0;
  const proxyPorts: ProxyPorts = {
    authority: keys.authority,
    resolve: (host) => resolveHost(world, host),
    nextConnection: () => ++connections,
    serve: (...exchange) => serveRequest(gateway, ...exchange),
  };
  const folder = await mkdtemp(join(tmpdir(), 'simulated-azure-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, keys.authority.pem);
  return {
    ...populate(world, servicePorts),
    caFile,
    journal: journal.entries,
    passTime: (milliseconds) => {
      ahead += milliseconds;
    },
    fault: faults.order,
    connectFrom: async (egress) => {
      const network = await openProxy(egress, proxyPorts);
      networks.push(network);
      return network;
    },
    stop: async () => {
      await Promise.all(networks.map((network) => network.stop()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function createServicePorts(options: AzureOptions, clock: typeof realClock): AllPorts {
  return {
    now: clock.now,
    newId: randomUUID,
    pause: async (request) => {
      const milliseconds = options.latency?.(request) ?? 0;
      // At least one turn of the event loop, so that writes can overlap.
      await (milliseconds > 0 ? clock.sleep(milliseconds) : setImmediate());
    },
    limits: { ...publishedLimits, ...options.armLimits },
    acceptsRetiredVersions: options.acceptsRetiredVersions ?? false,
    pageSize: options.armPageSize ?? 100,
    tokenLifetimeSeconds: options.tokenLifetimeSeconds ?? 3599,
  };
}
