import { readFileSync } from 'node:fs';
import { getProxyForUrl } from 'proxy-from-env';
import { readAgentProxy, readAuthorityFile, readClientCertificatePaths } from './agent';
import { DiagnosedError } from '../errors/diagnosis';
import { networkMessages } from '../messages/network';
import type { ClientCertificate, NetworkSettings } from '../http/proxy';

/**
 * How the agent reaches the network: its own settings, and the environment's where it has none.
 *
 * @throws DiagnosedError AKV-TLS when a file that the agent names cannot be read.
 */
export function readNetwork(): NetworkSettings {
  const agentProxy = readAgentProxy();
  const clientCertificate = readClientCertificate();
  return {
    ...(agentProxy === undefined ? {} : { agentProxy }),
    ...(clientCertificate === undefined ? {} : { clientCertificate }),
    extraAuthorities: readAuthorities(),
    noProxy: process.env.NO_PROXY ?? process.env.no_proxy ?? '',
    environmentProxy: getProxyForUrl,
  };
}

/**
 * Node adds NODE_EXTRA_CA_CERTS by itself only as long as nobody names authorities; with the agent's own file both have
 * to be named.
 */
function readAuthorities(): readonly string[] {
  const agentFile = readAuthorityFile();
  if (agentFile === '') {
    return [];
  }
  return [agentFile, process.env.NODE_EXTRA_CA_CERTS ?? ''].filter((path) => path !== '').map(readPem);
}

function readClientCertificate(): ClientCertificate | undefined {
  const paths = readClientCertificatePaths();
  return paths === undefined
    ? undefined
    : {
        cert: readPem(paths.certificate),
        key: readPem(paths.key),
        ...(paths.password === '' ? {} : { passphrase: paths.password }),
      };
}

function readPem(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const diagnosis = { code: 'AKV-TLS' as const, ...networkMessages.fileUnreadable(path, reason) };
    throw new DiagnosedError(diagnosis, { cause: error });
  }
}
