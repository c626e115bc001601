import type { Contoso } from '../../simulation/azure/contoso';
import { findPort, startServer, type ServerStart } from './server-process';
import { servers } from './servers';

/** Where each server answers on loopback, by plain HTTP. */
export type Ports = Readonly<Record<'entra' | 'arm' | 'vault', number>>;

/** What the servers need to know. */
export interface Surroundings {
  readonly contoso: Contoso;
  readonly ports: Ports;
  /** Working folder of the servers. */
  readonly folder: string;
  /** What the token service trusts when it fetches the keys of a federated connection's issuer, ... */
  readonly caFile: string;
  /** ... and its way there. */
  readonly proxyUrl: string;
}

const login = 'https://login.microsoftonline.com';
const identityHeader = 'not-a-real-identity-header';

/** Ports that nothing listens on yet. */
export async function findPorts(): Promise<Ports> {
  return { entra: await findPort(), arm: await findPort(), vault: await findPort() };
}

/** For the agent's environment: the managed identity's endpoint as App Service offers it. */
export function identityEndpoint({ entra }: Ports): Readonly<Record<string, string>> {
  return { IDENTITY_ENDPOINT: `${originOf(entra)}/msi/token`, IDENTITY_HEADER: identityHeader };
}

/** Starts the token service, then ARM and the vault, which trust it. State is in memory. Returns what stops them. */
export async function startServices(surroundings: Surroundings): Promise<() => Promise<void>> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async () => {
    await Promise.all(stops.map((each) => each()));
  };
  try {
    for (const start of startsOf(surroundings)) stops.push(await startServer(start));
  } catch (error) {
    await stop();
    throw error;
  }
  return stop;
}

function startsOf({ contoso, ports, folder, caFile, proxyUrl }: Surroundings): ServerStart[] {
  const { tenant, subscription } = contoso;
  const entra = {
    HOST: '127.0.0.1',
    PORT: String(ports.entra),
    TENANT_ID: tenant.id,
    LOGIN_ORIGIN: login,
    TLS_ENABLED: 'false',
    ENTRA_DATA_DIR: '',
    MANAGED_IDENTITY_SECRET: identityHeader,
    HTTPS_PROXY: proxyUrl,
    SSL_CERT_FILE: caFile,
  };
  const common = (port: number) => [
    ...['-addr', `127.0.0.1:${port}`, '-data-dir', '', '-disable-tls'],
    ...['-entra-issuer', `${login}/${tenant.id}/v2.0`],
    ...['-entra-jwks-url', `${originOf(ports.entra)}/${tenant.id}/discovery/v2.0/keys`],
  ];
  const ids = ['-subscription-id', subscription.id, '-tenant-id', tenant.id];
  const authority = ['-arm-url', originOf(ports.arm), '-arm-scope', new URL(contoso.vaultUrl).pathname];
  return [
    { server: servers.entra, port: ports.entra, folder, args: [], environment: entra },
    { server: servers.arm, port: ports.arm, folder, args: [...common(ports.arm), ...ids], environment: {} },
    {
      server: servers.vault,
      port: ports.vault,
      folder,
      args: [...common(ports.vault), ...authority],
      // How soon it applies a role assignment.
      environment: { KV_ARM_POLL_SECONDS: '1' },
    },
  ];
}

function originOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}
