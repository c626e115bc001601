import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import type { Fault } from './fault';
import { recoverVault } from './messages/deleted-vault';
import { principalOf } from './principal';
import { foreignAnswerCode } from './retry';

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
  linkedauthorizationfailed: unauthorized,
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

function unauthorized(fault: Fault, { clientId, resourceId }: FailureContext): Diagnosis {
  const action = /perform action '([^']+)'/.exec(fault.message)?.[1];
  return {
    code: 'AKV-ARM-ACCESS',
    summary: `The service connection's identity may not ${action ?? 'do this'} in Azure Resource Manager.`,
    cause: fault.message,
    remedy: [
      'KeyVaultAgentAccess needs Microsoft.KeyVault/vaults/read and Microsoft.KeyVault/vaults/write on the vault, nothing more: create the role of docs/key-vault-firewall-operator.json, then',
      `az role assignment create --role "Key Vault Firewall Operator" ${principalOf(fault.message, clientId).assignee} --scope ${resourceId ?? '<resource id of the vault>'}`,
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
