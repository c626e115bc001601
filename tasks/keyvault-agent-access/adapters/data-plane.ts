import type { TokenCredential } from '@azure/core-auth';
import {
  createHttpHeaders,
  createPipelineRequest,
  type HttpClient,
  type PipelineResponse,
} from '@azure/core-rest-pipeline';
import type { Cloud } from '../../shared/sign-in/cloud';
import type { Code } from '../../shared/errors/codes';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import type { FailureContext } from '../../shared/errors/explanation';
import { clientAddress } from '../../shared/errors/explain-vault';
import { answerError, readFault } from '../../shared/errors/fault';
import { hostClient } from '../../shared/http/clients';
import { connectionMessages } from '../messages/connection';
import { parseNetworkInfo } from './network-info';
import type { ServiceParts } from './service-parts';
import type { AddressLookup, AccessCheck, DataPlane } from '../ports/data-plane';

/** Asks a vault's front ends, by its real address, each time on a new connection. */
export function createDataPlane(url: string, vault: string, parts: ServiceParts): DataPlane {
  const { cloud, credential, userAgent } = parts;
  const { host } = new URL(url);
  if (!host.toLowerCase().endsWith(`.${cloud.vaultSuffix}`)) {
    throw new DiagnosedError({ code: 'AKV-CONNECTION', ...connectionMessages.foreignCloud(vault, host, cloud.name) });
  }
  const client = hostClient(parts.client, url);
  const clientWithoutRetries = hostClient(parts.clientWithoutRetries, url);
  const context: FailureContext = { ...parts.failureContext, vault };
  return {
    async readNetworkInfo(signal) {
      try {
        const response = await client.sendRequest(
          newRequest(`${url}/healthstatus`, signal, { 'User-Agent': userAgent }),
        );
        return parseNetworkInfo(response.headers.get('x-ms-keyvault-network-info'));
      } catch (error) {
        signal.throwIfAborted();
        throw explain(error, context);
      }
    },
    async checkAccess(signal) {
      const token = await getToken(credential, cloud, context, signal);
      const headers = { 'User-Agent': userAgent, Accept: 'application/json', Authorization: `Bearer ${token}` };
      try {
        return toAccessCheck(
          await clientWithoutRetries.sendRequest(
            newRequest(`${url}/secrets?maxresults=1&api-version=7.4`, signal, headers),
          ),
          context,
        );
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'unclear', reason: readFault(error).message };
      }
    },
  };
}

async function getToken(
  credential: TokenCredential,
  cloud: Cloud,
  context: FailureContext,
  abortSignal: AbortSignal,
): Promise<string> {
  try {
    const token = await credential.getToken(`https://${cloud.vaultSuffix}/.default`, { abortSignal });
    return token?.token ?? '';
  } catch (error) {
    abortSignal.throwIfAborted();
    throw explain(error, context);
  }
}

/**
 * The firewall is checked before permissions, so a refusal for lack of a role is a pass, and so are 404 and 429. A 401
 * comes from in front of the firewall, after a new token has been tried already.
 */
function toAccessCheck(response: PipelineResponse, context: FailureContext): AccessCheck {
  const { status } = response;
  if (status === 200 || status === 404 || status === 429) {
    return { kind: 'passed' };
  }
  const error = answerError(response);
  const { diagnosis } = explain(error, context);
  if (pastTheFirewall.has(diagnosis.code)) {
    return { kind: 'passed' };
  }
  if (diagnosis.code === 'AKV-FIREWALL') {
    const { message } = readFault(error);
    const address = clientAddress(message);
    const consulted = perimeterWords.test(message) ? ({ consultsPerimeter: true } as const) : {};
    return { kind: 'blocked', ...(address === undefined ? {} : { address }), ...consulted };
  }
  return beyondRules.has(diagnosis.code)
    ? { kind: 'refused', diagnosis }
    : { kind: 'unclear', reason: `HTTP ${status}` };
}

/** Only a reason to ask Azure Resource Manager, whose answer decides. Source: docs/troubleshooting.md, "What Azure says". */
const perimeterWords = /\bNSP rules\b/;

/** Permissions are checked after the firewall. */
const pastTheFirewall = new Set<Code>(['AKV-RBAC', 'AKV-ACCESS-POLICY']);
/** What no firewall rule changes. */
const beyondRules = new Set<Code>(['AKV-UNAUTHORIZED', 'AKV-PRIVATE-ONLY', 'AKV-PERIMETER', 'AKV-SUBNET']);

function newRequest(url: string, abortSignal: AbortSignal, headers: Record<string, string>) {
  return createPipelineRequest({ url, abortSignal, headers: createHttpHeaders(headers), disableKeepAlive: true });
}

/** Two operators, so that none is trusted alone. They answer with the caller's IPv4 address as plain text. */
const echoServices = ['https://api.ipify.org/', 'https://checkip.amazonaws.com/'];

/** The public services of the input `allowPublicIpLookup`. No token is ever sent to them. */
export function createLookups(client: HttpClient): readonly AddressLookup[] {
  return echoServices.map((url) => async (signal) => {
    const response = await hostClient(client, url).sendRequest(newRequest(url, signal, {}));
    const text = (response.bodyAsText ?? '').trim();
    if (response.status !== 200 || text.length > 64) {
      throw new Error(`HTTP ${response.status}`);
    }
    return text;
  });
}
