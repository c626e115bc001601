import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ProxyChoice } from '../inputs/proxy-choice';
import { networkMessages as messages } from '../messages/network';
import { log } from './agent';
import { agentFolder, readMachineVariable, readVariable } from './environment';
import { readAssertionAddress, type AssertionAddress } from './job';

/** A proxy's address without a password. */
interface ProxyAddress {
  readonly url: string;
  /** False if the output of a step of this job may have chosen it. */
  readonly isTrusted: boolean;
}

/**
 * What a step knows about the agent around it, as far as the output of other steps can change it. It is plain JSON
 * without secrets, so that a later phase can use the values of an earlier one.
 */
export interface Surroundings {
  /** The input `proxy`. */
  readonly choice: ProxyChoice;
  readonly proxy?: ProxyAddress;
  readonly bypass: readonly string[];
  readonly noProxy: string;
  /** Paths of PEM files. */
  readonly authorities: readonly string[];
  readonly clientCertificate?: { readonly certificate: string; readonly key: string };
  readonly assertion: AssertionAddress;
}

/** The surroundings as they are now. */
export function readSurroundings(choice: ProxyChoice): Surroundings {
  const proxy = chooseProxy(choice);
  const certificate = readVariable('Agent.ClientCert');
  return {
    choice,
    ...(proxy === undefined ? {} : { proxy }),
    bypass: parseList(readVariable('Agent.ProxyBypassList')),
    noProxy: readMachineVariable('NO_PROXY').value || readMachineVariable('no_proxy').value,
    authorities: [readVariable('Agent.CAInfo'), readMachineVariable('NODE_EXTRA_CA_CERTS').value].filter(
      (path) => path !== '',
    ),
    ...(certificate === '' ? {} : { clientCertificate: { certificate, key: readVariable('Agent.ClientCertKey') } }),
    assertion: readAssertionAddress(),
  };
}

/**
 * The proxy that the step's author specifies; otherwise the proxy that the agent was configured with, which is in a
 * file; otherwise the proxy of variables, which can be the output of any step.
 */
function chooseProxy(choice: ProxyChoice): ProxyAddress | undefined {
  if (choice === 'none') {
    return undefined;
  }
  if (choice !== 'agent') {
    return { url: choice, isTrusted: true };
  }
  const [configured, said] = [configuredProxy(), readVariable('Agent.ProxyUrl')];
  if (configured !== '') {
    if (said !== configured) {
      log.warning(messages.proxyOverwritten(withoutUser(said), configured));
    }
    return { url: configured, isTrusted: true };
  }
  if (said !== '') {
    return { url: withoutUser(said), isTrusted: false };
  }
  const { value, isOfJob } = environmentProxy();
  return value === '' ? undefined : { url: withoutUser(value), isTrusted: !isOfJob };
}

/**
 * The file that `config.sh --proxyurl` writes to the agent's folder (microsoft/azure-pipelines-agent,
 * VstsAgentWebProxy.cs).
 */
export function configuredProxy(): string {
  if (agentFolder === '') {
    return '';
  }
  try {
    return readFileSync(join(agentFolder, '.proxy'), 'utf8').split(/\r?\n/)[0]?.trim() ?? '';
  } catch {
    return '';
  }
}

/** The proxy of the environment, as other programs read it. */
export function environmentProxy(): { readonly value: string; readonly isOfJob: boolean } {
  const found = (['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY'] as const)
    .map(readMachineVariable)
    .find(({ value }) => value !== '');
  const { value, isOfJob } = found ?? { value: '', isOfJob: false };
  return { value: value === '' || value.includes('://') ? value : `http://${value}`, isOfJob };
}

/** A proxy's address without user name and password. */
export function withoutUser(url: string): string {
  return url.replace(/^([^:/?#]+:\/\/)[^/?#]*@/, '$1');
}

function parseList(json: string): readonly string[] {
  try {
    const list: unknown = JSON.parse(json || '[]');
    return Array.isArray(list) ? list.map(String) : [];
  } catch {
    return [];
  }
}
