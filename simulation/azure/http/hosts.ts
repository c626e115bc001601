/** The service for each host name. */
import { answerArm } from '../arm/service';
import type { ArmPorts } from '../arm/call';
import { findCloud } from '../clouds';
import type { Cloud } from '../clouds';
import { answerDevOps } from '../devops/service';
import { answerEntra } from '../entra/service';
import type { EntraPorts } from '../entra/service';
import { answerJson, answerText } from './exchange';
import type { Answer, Service, SimulatedRequest } from './exchange';
import { answerEcho, isEchoHost } from './public-ip-echo';
import { answerVault } from '../vault/service';
import type { VaultState, World } from '../world';

export interface AllPorts extends EntraPorts, Omit<ArmPorts, 'work'> {
  /** Waits as long as the operation takes. */
  readonly pause: (request: SimulatedRequest) => Promise<void>;
}

/** Undefined for hosts that DNS does not resolve, including vaults that do not exist. */
export function resolveHost(world: World, host: string): Service | undefined {
  if (host === 'dev.azure.com' || host === 'vstoken.dev.azure.com' || /^[a-z0-9-]+\.visualstudio\.com$/.test(host))
    return 'devops';
  if (isEchoHost(host)) return 'echo';
  if (findVault(world, host) !== undefined) return 'vault';
  if (findCloud(({ arm }) => arm === host) !== undefined) return 'arm';
  return findCloud(({ login }) => login.includes(host)) === undefined ? undefined : 'entra';
}

/** The answer of the service that the request is for. */
export async function answerService(world: World, request: SimulatedRequest, ports: AllPorts): Promise<Answer> {
  if (request.headers.host?.replace(/:443$/, '') !== request.host) return answerText(421, 'Misdirected Request');
  if (request.service === 'arm' && request.method !== 'GET') return answerRequest(world, request, ports);
  const answer = await answerRequest(world, request, ports);
  await ports.pause(request);
  return answer;
}

function answerRequest(world: World, request: SimulatedRequest, ports: AllPorts): Promise<Answer> {
  const { host } = request;
  switch (request.service) {
    case 'devops':
      return answerDevOps(world, request, ports);
    case 'echo':
      return Promise.resolve(answerEcho(request));
    case 'vault':
      return answerVaultIfThere(world, request, ports);
    case 'arm':
      return answerArm(
        world,
        cloudOf(({ arm }) => arm === host),
        request,
        { ...ports, work: ports.pause },
      );
    case 'entra':
      return answerEntra(
        world,
        cloudOf(({ login }) => login.includes(host)),
        request,
        ports,
      );
  }
}

/** A connection can exist longer than its vault: only new connections find that the name no longer resolves. */
function answerVaultIfThere(world: World, request: SimulatedRequest, ports: AllPorts): Promise<Answer> {
  const vault = findVault(world, request.host);
  if (vault !== undefined) return answerVault(world, vault, request, ports);
  const error = { code: 'VaultNotFound', message: `The specified vault: ${request.host} was not found.` };
  return Promise.resolve(answerJson(404, { error }));
}

function findVault(world: World, host: string): VaultState | undefined {
  const vault = world.vaults.get(host.split('.')[0] ?? '');
  return vault !== undefined && host === new URL(vault.resource.properties.vaultUri).host ? vault : undefined;
}

/** {@link resolveHost} does not return other hosts. */
function cloudOf(belongs: (cloud: Cloud) => boolean): Cloud {
  const cloud = findCloud(belongs);
  if (cloud === undefined) throw new Error('A request came to a host of no cloud.');
  return cloud;
}
