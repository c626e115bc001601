import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { settleContoso, type Contoso } from '../../simulation/azure/contoso';
import { answerDevOps } from '../../simulation/azure/devops/service';
import type { Answer, SimulatedRequest } from '../../simulation/azure/http/exchange';
import { createFaults } from '../../simulation/azure/http/faults';
import { serveRequest } from '../../simulation/azure/http/gateway';
import { resolveHost } from '../../simulation/azure/http/hosts';
import { createJournal, type JournalEntry } from '../../simulation/azure/http/journal';
import { createAzureKeys } from '../../simulation/azure/http/keys';
import { populate } from '../../simulation/azure/population';
import { openProxy, type AgentNetwork, type Egress } from '../../simulation/azure/http/proxy';
import { createWorld } from '../../simulation/azure/world';
import { writeAsPem } from './certificate-secret';
import { forward } from './forward';
import { findPorts, startServices, type Ports } from './foreign-services';

/**
 * Azure's host names with other people's servers behind them. TLS ends here, with a certificate of a test's own
 * authority, and the requests go on unchanged; so the tasks run as they are. Azure DevOps alone is this project's own.
 */
export interface ForeignAzure {
  /** PEM file with the certificate that clients have to trust; gone after `stop`. */
  readonly caFile: string;
  /** Every request in the order of arrival. */
  readonly journal: readonly JournalEntry[];
  readonly ports: Ports;
  /** Contoso as Azure DevOps knows it. Its application and its vault's contents are those of no server yet. */
  readonly contoso: Contoso;
  connectFrom(egress: Egress): Promise<AgentNetwork>;
  stop(): Promise<void>;
}

/** Starts the servers and the way to them. @throws Error when a server is not on this machine, or does not start. */
export async function startForeignAzure(): Promise<ForeignAzure> {
  const keys = await createAzureKeys();
  const world = createWorld(keys);
  const clock = { now: Date.now, newId: randomUUID };
  const contoso = settleContoso(populate(world, clock));
  const folder = await mkdtemp(join(tmpdir(), 'foreign-azure-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, keys.authority.pem);
  const journal = createJournal();
  const ports = await findPorts();
  const answer = (request: SimulatedRequest): Promise<Answer> =>
    request.service === 'devops' ? answerDevOps(world, request, clock) : forwardTo(ports, request);
  const sleep = (milliseconds: number) => setTimeout(milliseconds);
  const gateway = { now: Date.now, sleep, faults: createFaults(), journal, answer };
  const networks: AgentNetwork[] = [];
  let connections = 0;
  const connectFrom = async (egress: Egress): Promise<AgentNetwork> => {
    const network = await openProxy(egress, {
      authority: keys.authority,
      resolve: (host) => resolveHost(world, host),
      nextConnection: () => ++connections,
      serve: (...exchange) => serveRequest(gateway, ...exchange),
    });
    networks.push(network);
    return network;
  };
  const clear = async (): Promise<void> => {
    await Promise.all(networks.map((network) => network.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const { proxyUrl } = await connectFrom({ addresses: ['20.50.1.20'] });
  const stopServices = await startServices({ contoso, ports, folder, caFile, proxyUrl }).catch(
    async (error: unknown) => {
      await clear();
      throw error;
    },
  );
  return {
    caFile,
    journal: journal.entries,
    ports,
    contoso,
    connectFrom,
    stop: async () => {
      await stopServices();
      await clear();
    },
  };
}

async function forwardTo(ports: Ports, request: SimulatedRequest): Promise<Answer> {
  if (request.service === 'echo' || request.service === 'devops') throw new Error(`No server plays ${request.host}.`);
  const answer = await forward(request, ports[request.service]);
  return request.service === 'vault' ? writeAsPem(request, answer) : answer;
}
