import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { DiagnosedError } from '../errors/diagnosis';
import { networkMessages as messages } from '../messages/network';
import type { ClientCertificate, NetworkSettings, Proxy } from '../http/proxy';
import { readMachineVariable, readVariable, workFolder } from './environment';
import { configuredProxy, environmentProxy, withoutUser, type Surroundings } from './surroundings';

/**
 * How to reach the network in these surroundings, with the content of the files and with the passwords.
 *
 * @throws DiagnosedError AKV-TLS if a file cannot be read or if a step of the job may have written it.
 */
export function readNetwork(surroundings: Surroundings): NetworkSettings {
  const { authorities, bypass, choice, clientCertificate, noProxy, proxy } = surroundings;
  return {
    ...(proxy === undefined ? {} : { proxy: withPassword(proxy.url, choice) }),
    // Node itself would trust the file of NODE_EXTRA_CA_CERTS, unless it gets a list of authorities.
    ...(authorities.length === 0 && readMachineVariable('NODE_EXTRA_CA_CERTS').value === ''
      ? {}
      : { authorities: authorities.map(readAuthority) }),
    ...(clientCertificate === undefined ? {} : { clientCertificate: readClientCertificate(clientCertificate) }),
    bypass,
    noProxy,
  };
}

/** A password is sent only to the proxy that it was configured with. */
function withPassword(url: string, choice: string): Proxy {
  if (isSameProxy(url, choice) || isSameProxy(url, configuredProxy())) {
    return { url, username: readVariable('Agent.ProxyUsername'), password: readVariable('Agent.ProxyPassword') };
  }
  const { value } = environmentProxy();
  return { url: isSameProxy(url, withoutUser(value)) ? value : url };
}

function isSameProxy(one: string, other: string): boolean {
  return URL.canParse(one) && URL.canParse(other) && new URL(one).origin === new URL(other).origin;
}

function readClientCertificate(paths: NonNullable<Surroundings['clientCertificate']>): ClientCertificate {
  const passphrase = readVariable('Agent.ClientCertPassword');
  return {
    cert: readPem(paths.certificate),
    key: readPem(paths.key),
    ...(passphrase === '' ? {} : { passphrase }),
  };
}

/**
 * A certificate authority determines which servers the step trusts as Azure. Therefore, files that the job's steps or
 * sources can provide are not used.
 */
function readAuthority(path: string): string {
  const problem = problemWith(path);
  if (problem !== undefined) {
    throw new DiagnosedError({ code: 'AKV-TLS', ...messages.authorityRefused(path, problem) });
  }
  return readPem(path);
}

function problemWith(path: string): string | undefined {
  if (/^[\\/]{2}/.test(path)) {
    return messages.onTheNetwork;
  }
  const file = orUnreadable(path, () => realpathSync.native(path));
  // The agent's own log contains what steps print.
  if (isInside(workFolder, file) || file.split(sep).includes('_diag')) {
    return messages.inWorkFolder;
  }
  const { size, ...stats } = orUnreadable(path, () => {
    const found = statSync(file);
    return { size: found.size, isFile: found.isFile() };
  });
  // For example /proc/self/environ, where a variable of the job could be read as a certificate.
  return stats.isFile && size > 0 ? undefined : messages.noOrdinaryFile;
}

function isInside(folder: string, file: string): boolean {
  if (folder === '') {
    return false;
  }
  const way = relative(realpathSync.native(folder), file);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

function readPem(path: string): string {
  return orUnreadable(path, () => readFileSync(path, 'utf8'));
}

function orUnreadable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DiagnosedError({ code: 'AKV-TLS', ...messages.fileUnreadable(path, reason) }, { cause: error });
  }
}
