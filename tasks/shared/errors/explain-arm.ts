import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import { foreignAnswerCode, type Fault } from './fault';
import { recoverVault } from '../messages/deleted-vault';
import { principalOf } from './principal';

/** What Azure Resource Manager refuses; its hosts all start with `management.`. */
export const explainManager: Explanation = (fault, context) => {
  if (fault.host?.startsWith('management.') !== true) {
    return undefined;
  }
  const explanation = byCode[fault.code.toLowerCase()];
  if (explanation !== undefined) {
    return explanation(fault, context);
  }
  if (fault.status === 401) {
    return unauthenticated(fault, context);
  }
  if (fault.status === 409 || fault.status === 412) {
    return conflict(fault, context);
  }
  return fault.status === 403 && fault.code !== foreignAnswerCode ? unauthorized(fault, context) : undefined;
};

const byCode: Readonly<Record<string, (fault: Fault, context: FailureContext) => Diagnosis>> = {
  authorizationfailed: unauthorized,
  linkedauthorizationfailed: unauthorizedOnSubnet,
  requestdisallowedbypolicy: forbiddenByPolicy,
  ambiguouspolicyevaluationpaths: forbiddenByPolicy,
  scopelocked: (fault, { vault }) => ({
    code: 'AKV-ARM-LOCK',
    summary: `A ReadOnly lock keeps '${vault ?? 'the vault'}' from being changed: ${fault.message}`,
    remedy: [
      'az lock list --resource-group <group> --output table shows it; a CanNotDelete lock would protect the vault without blocking its firewall.',
    ],
  }),
  resourcenotfound: notFound,
  resourcegroupnotfound: notFound,
  invalidauthenticationtokentenant: (fault, { tenantId }) => ({
    code: 'AKV-TENANT',
    summary: `The subscription is of another Microsoft Entra tenant than the service connection's identity${tenantId === undefined ? '' : ` (${tenantId})`}: ${fault.message}`,
    remedy: [
      "Use a service connection for an application of the subscription's tenant: az account show --query tenantId",
    ],
  }),
  subscriptionnotfound: (fault) => ({
    code: 'AKV-ARM-NOT-FOUND',
    summary: `The service connection's subscription is not there for this identity: ${fault.message}`,
    remedy: ['Check the subscription of the service connection, or give the full resource id of the vault.'],
  }),
};

function unauthorized(fault: Fault, { clientId, resourceId, vault }: FailureContext): Diagnosis {
  const action = /perform action '([^']+)'/.exec(fault.message)?.[1];
  const subscription = /\/subscriptions\/([\w-]+)/i.exec(resourceId ?? fault.message)?.[1] ?? '<subscription id>';
  return {
    code: 'AKV-ARM-ACCESS',
    summary: `The service connection's identity may not ${action === undefined ? 'do this' : `perform ${action}`} in Azure Resource Manager.`,
    cause: fault.message,
    remedy: [
      `Once, if the subscription has no such role yet: az role definition create --role-definition '{"Name":"Key Vault Firewall Operator","Actions":["Microsoft.KeyVault/vaults/read","Microsoft.KeyVault/vaults/write"],"AssignableScopes":["/subscriptions/${subscription}"]}'`,
      `az role assignment create --role "Key Vault Firewall Operator" ${principalOf(fault.message, clientId).assignee} --scope ${resourceId ?? `$(az keyvault show --name ${vault ?? '<vault>'} --query id -o tsv)`}`,
    ],
  };
}

/** Whoever writes a vault whose firewall names subnets writes those again (learn.microsoft.com, "Azure permissions for Networking"). */
function unauthorizedOnSubnet(fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-ACCESS',
    summary: `The service connection's identity may not write the firewall of '${vault ?? 'the vault'}' with the subnets in it.`,
    cause: fault.message,
    remedy: [
      'Give it Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action on the subnets that this shows:',
      `az keyvault network-rule list --name ${vault ?? '<vault>'} --query virtualNetworkRules`,
    ],
  };
}

function unauthenticated(fault: Fault, { clientId }: FailureContext): Diagnosis {
  return {
    code: 'AKV-UNAUTHORIZED',
    summary: `Azure Resource Manager did not accept the token of ${clientId ?? "the service connection's identity"}: ${fault.code} ${fault.message}`,
    cause: 'The token has expired on the way or is not of this cloud, or the clock of this agent is wrong.',
    remedy: ["Run the job again; check the agent's clock and the environment (cloud) of the service connection."],
  };
}

function forbiddenByPolicy(fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-POLICY',
    summary: `Azure Policy does not allow the change to '${vault ?? 'the vault'}': ${fault.message}`,
    remedy: [
      'Ask whoever owns the policy for an exemption of this vault, or use a private endpoint and a self-hosted agent.',
    ],
  };
}

function conflict(fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-CONFLICT',
    summary: `'${vault ?? 'The vault'}' kept being changed by others: ${fault.message}`,
    remedy: ['Run the job again; run fewer deployments against this vault at once.'],
  };
}

function notFound(fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-NOT-FOUND',
    summary: `Azure Resource Manager does not find '${vault ?? 'the vault'}': ${fault.message}`,
    remedy: [
      "Check the inputs 'keyVaultName' and 'resourceGroupName', and the subscription of the service connection.",
      ...(vault === undefined ? [] : [recoverVault(vault)]),
    ],
  };
}
