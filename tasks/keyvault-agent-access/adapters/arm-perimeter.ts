import type { PipelineResponse } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../../shared/errors/diagnosis';
import { explain } from '../../shared/errors/explain';
import { answerError, jsonOf, readFault } from '../../shared/errors/fault';
import { parseRetryAfter } from '../../shared/http/retry-delay';
import { isSameNetwork } from '../address/address';
import { perimeterRefusals as refusals } from '../messages/perimeter';
import { perimeterApiVersion as apiVersion, type ProfileId } from '../resource-ids/profile-id';
import type { AccessRule, ProfileRules, RuleOutcome } from '../ports/profile';
import { pagesOf, sendArmRequest, type ArmRequest } from './arm-request';
import type { ServiceParts } from './service-parts';
import { explainRuleFault } from './explain-perimeter';
import { missingFromPerimeter as shape } from './response-shape';

/** The access rules of one profile (Azure/azure-rest-api-specs, Microsoft.Network networkSecurityPerimeter.json). */
export function createProfileRules(profile: ProfileId, parts: ServiceParts): ProfileRules {
  const base = `${parts.cloud.resourceManager}${profile.id}/accessRules`;
  const urlOf = (name: string) => `${base}/${name}?api-version=${apiVersion}`;
  return {
    list: (signal) => listRules(`${base}?api-version=${apiVersion}`, profile, parts, signal),
    async put(name, networks, signal) {
      const body = { properties: { direction: 'Inbound', addressPrefixes: networks } };
      const sent = await write({ method: 'PUT', url: urlOf(name), body, shape }, profile, parts, signal);
      return 'kind' in sent ? sent : toPutOutcome(sent, name, networks, profile);
    },
    async remove(name, signal) {
      const sent = await write({ method: 'DELETE', url: urlOf(name) }, profile, parts, signal);
      return 'kind' in sent && !isGone(sent) ? sent : { kind: 'done' };
    },
  };
}

/** As much of it as {@link sendArmRequest} has checked. */
interface Page {
  readonly value?: readonly { readonly name?: string; readonly properties?: Readonly<Record<string, unknown>> }[];
}

async function listRules(url: string, profile: ProfileId, parts: ServiceParts, signal: AbortSignal) {
  const rules: AccessRule[] = [];
  let azureTime = Number.NaN;
  try {
    for await (const response of pagesOf({ url, shape }, parts, signal)) {
      if (response.status !== 200) {
        throw new DiagnosedError(explainRuleFault(answerError(response), profile, parts.failureContext));
      }
      const { value = [] } = jsonOf(response) as Page;
      rules.push(...value.map(({ name = '', properties = {} }) => toRule(name, properties)));
      azureTime = Date.parse(response.headers.get('Date') ?? '');
    }
  } catch (error) {
    signal.throwIfAborted();
    throw explain(error, { ...parts.failureContext, resourceId: profile.id });
  }
  return { rules, azureTime };
}

/** Every list among a rule's properties counts. */
function toRule(name: string, properties: Readonly<Record<string, unknown>>): AccessRule {
  const elements = Object.values(properties).reduce<number>(
    (sum, value) => sum + (Array.isArray(value) ? value.length : 0),
    0,
  );
  return { name, networks: prefixesOf(properties), elements };
}

function prefixesOf(properties: Readonly<Record<string, unknown>> | undefined): readonly string[] {
  const prefixes = properties?.addressPrefixes;
  return Array.isArray(prefixes) ? prefixes.map(String) : [];
}

type Refused = Exclude<RuleOutcome, { kind: 'done' }> & { readonly status?: number; readonly code?: string };

const repeatable = new Set([408, 409, 412, 425, 429, 500, 502, 503, 504]);
/** Of the 409s, those that no new attempt gets past. */
const finalConflicts = new Set(['ScopeLocked', 'AmbiguousPolicyEvaluationPaths']);

async function write(
  request: ArmRequest,
  profile: ProfileId,
  parts: ServiceParts,
  signal: AbortSignal,
): Promise<PipelineResponse | Refused> {
  try {
    const response = await sendArmRequest(request, parts, parts.clientWithoutRetries, signal);
    return response.status < 300 ? response : refusalOf(response, profile, parts);
  } catch (error) {
    signal.throwIfAborted();
    const { diagnosis } = explain(error, { ...parts.failureContext, resourceId: profile.id });
    return { kind: 'uncertain', reason: readFault(error).message, diagnosis };
  }
}

function refusalOf(response: PipelineResponse, profile: ProfileId, parts: ServiceParts): Refused {
  const error = answerError(response);
  const { status } = response;
  const { code } = readFault(error);
  const diagnosis = explainRuleFault(error, profile, parts.failureContext);
  if (!repeatable.has(status) || finalConflicts.has(code)) {
    return { kind: 'refused', diagnosis, mayBeFull: status === 400 || status === 403, status, code };
  }
  const waitFor = parseRetryAfter(response.headers.get('Retry-After'), Date.now());
  return {
    kind: 'uncertain',
    reason: `HTTP ${status} ${code}`,
    diagnosis,
    ...(waitFor === undefined ? {} : { waitFor }),
  };
}

const goneCodes = new Set(['ResourceNotFound', 'ParentResourceNotFound', 'ResourceGroupNotFound']);

/** With the profile, its perimeter or their resource group the rule is gone as well. No other 404 says so. */
function isGone({ code = '', status }: Refused): boolean {
  return status === 404 && goneCodes.has(code);
}

/** States from which a rule does not get into effect by itself. */
const failedStates = new Set(['Failed', 'Deleting']);

function toPutOutcome(
  response: PipelineResponse,
  rule: string,
  networks: readonly string[],
  profile: ProfileId,
): RuleOutcome {
  const { properties } = (jsonOf(response) ?? {}) as { properties?: Readonly<Record<string, unknown>> };
  const prefixes = prefixesOf(properties);
  const name = profile.title;
  if (!networks.every((network) => prefixes.some((prefix) => isSameNetwork(prefix, network)))) {
    return {
      kind: 'refused',
      mayBeFull: false,
      diagnosis: { code: 'AKV-ARM-POLICY', ...refusals.changedByPolicy(name) },
    };
  }
  const state = typeof properties?.provisioningState === 'string' ? properties.provisioningState : '';
  return failedStates.has(state)
    ? {
        kind: 'refused',
        mayBeFull: false,
        diagnosis: { code: 'AKV-PERIMETER', ...refusals.notProvisioned(name, rule, state) },
      }
    : { kind: 'done' };
}
