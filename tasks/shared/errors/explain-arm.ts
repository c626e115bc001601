import { recoverVault } from '../messages/deleted-vault';
import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import { foreignAnswerCode, type Fault } from './fault';
import { deniedByPolicy } from './policy';
import { principalOf } from './principal';

/** Refusals of Azure Resource Manager; its hosts all start with `management.`. */
export const explainArm: Explanation = (fault, context) => {
  if (fault.host?.startsWith('management.') !== true) {
    return undefined;
  }
  const explanation = byCode[fault.code.toLowerCase()];
  if (explanation !== undefined) {
    return explanation(fault, context);
  }
  if (fault.status === 401) {
    return unauthenticated();
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
  scopelocked: (_fault, { vault }) => ({
    code: 'AKV-ARM-LOCK',
    summary: `A ReadOnly lock prevents changes to '${vault ?? 'the vault'}'.`,
    remedy: [
      'To find it: az lock list --resource-group <group> --output table. A CanNotDelete lock protects the vault without blocking its firewall.',
    ],
  }),
  resourcenotfound: notFound,
  resourcegroupnotfound: notFound,
  invalidauthenticationtokentenant: (_fault, { tenantId }) => ({
    code: 'AKV-TENANT',
    summary: `The subscription belongs to another Microsoft Entra tenant than the service connection's identity${tenantId === undefined ? '' : ` (${tenantId})`}.`,
    remedy: [
      "Use a service connection with an application of the subscription's tenant: az account show --query tenantId",
    ],
  }),
  subscriptionnotfound: () => ({
    code: 'AKV-ARM-NOT-FOUND',
    summary: "The service connection's subscription does not exist or is not accessible to its identity.",
    remedy: ['Check the subscription of the service connection, or give the full resource ID of the vault.'],
  }),
};

function unauthorized({ message }: Fault, { resourceId, vault }: FailureContext): Diagnosis {
  const action = /perform action '([^']+)'/.exec(message)?.[1];
  const scope = resourceId ?? `$(az keyvault show --name ${vault ?? '<vault>'} --query id -o tsv)`;
  return {
    code: 'AKV-ARM-ACCESS',
    summary: `The service connection's identity is not authorized to ${action === undefined ? 'do this' : `perform ${action}`} in Azure Resource Manager.`,
    remedy: firewallOperatorRemedy(scope, principalOf(message).assignee, message),
  };
}

/**
 * The commands that give an identity the permissions on a vault; `message` can name the subscription if `scope` does
 * not. Names of custom roles are unique in the tenant (learn.microsoft.com, "Azure custom roles").
 */
export function firewallOperatorRemedy(scope: string, assignee: string, message = ''): readonly string[] {
  const subscription = /\/subscriptions\/([\w-]+)/i.exec(scope + message)?.[1] ?? '<subscription id>';
  return [
    `Once in the Microsoft Entra tenant: az role definition create --role-definition '{"Name":"Key Vault Firewall Operator","Actions":["Microsoft.KeyVault/vaults/read","Microsoft.KeyVault/vaults/write"],"AssignableScopes":["/subscriptions/${subscription}"]}'`,
    `If the tenant has that role for other subscriptions: az role definition list --name "Key Vault Firewall Operator" shows it; update it with "/subscriptions/${subscription}" added to its AssignableScopes.`,
    `az role assignment create --role "Key Vault Firewall Operator" ${assignee} --scope ${scope}`,
  ];
}

/**
 * A write of a vault whose firewall has rules for subnets writes those rules again (learn.microsoft.com, "Azure
 * permissions for Networking").
 */
function unauthorizedOnSubnet(_fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-ACCESS',
    summary: `The service connection's identity is not authorized to write the firewall of '${vault ?? 'the vault'}' with the subnets in it.`,
    remedy: [
      'Give it Microsoft.Network/virtualNetworks/subnets/joinViaServiceEndpoint/action on the subnets that this shows:',
      `az keyvault network-rule list --name ${vault ?? '<vault>'} --query virtualNetworkRules`,
    ],
  };
}

function unauthenticated(): Diagnosis {
  return {
    code: 'AKV-UNAUTHORIZED',
    summary: "Azure Resource Manager did not accept the token of the service connection's identity.",
    cause: 'The token has expired or belongs to another cloud, or the clock of this agent is wrong.',
    remedy: ["Run the job again; check the agent's clock and the environment (cloud) of the service connection."],
  };
}

function forbiddenByPolicy({ message }: Fault, { vault }: FailureContext): Diagnosis {
  return deniedByPolicy(vault ?? 'the vault', message);
}

function conflict(_fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-CONFLICT',
    summary: `Others kept changing '${vault ?? 'the vault'}' at the same time.`,
    remedy: ['Run the job again; run fewer deployments against this vault at once.'],
  };
}

function notFound(_fault: Fault, { vault }: FailureContext): Diagnosis {
  return {
    code: 'AKV-ARM-NOT-FOUND',
    summary: `Azure Resource Manager cannot find '${vault ?? 'the vault'}'.`,
    remedy: [
      "Check the inputs 'keyVault' and 'resourceGroupName', and the subscription of the service connection.",
      ...(vault === undefined ? [] : [recoverVault(vault)]),
    ],
  };
}
