import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import type { Fault } from './fault';
import { principalOf } from './principal';

/**
 * What a vault's data plane refuses. The inner code decides; where a front end sends none, the message does, and
 * network markers win over those of permissions, because the firewall is checked first
 * (learn.microsoft.com, "Azure Key Vault REST API error codes").
 */
export const explainVault: Explanation = (fault, context) => {
  const vault = context.vault ?? 'the vault';
  const inner = fault.innerCode.toLowerCase();
  if (isManager(fault)) {
    return undefined;
  }
  if (fault.status === 401) {
    return unauthorized(vault, fault, context);
  }
  const challenge = /The challenge (?:resource|contains invalid scope) '([^']*)'/.exec(fault.message)?.[1];
  if (challenge !== undefined) {
    return foreignChallenge(vault, challenge);
  }
  if (fault.status !== 403) {
    return undefined;
  }
  if (inner === 'forbiddenbyfirewall' || /client address .*is not authorized/i.test(fault.message)) {
    return /\bNSP\b/.test(fault.message) ? byPerimeter(vault) : byFirewall(vault, fault);
  }
  if (
    inner === 'forbiddenbyconnection' ||
    /public network access is disabled|approved private link/i.test(fault.message)
  ) {
    return byConnection(vault);
  }
  if (inner === 'forbiddenbyrbac' || /not authorized to perform action/i.test(fault.message)) {
    return byRoles(vault, fault, context);
  }
  if (
    inner === 'accessdenied' ||
    inner === 'forbiddenbypolicy' ||
    /does not have secrets \w+ permission/i.test(fault.message)
  ) {
    return byAccessPolicy(vault, fault, context);
  }
  return undefined;
};

/** The caller's address as the vault saw it, from the denial's own line; an address elsewhere in the text is not it. */
export function clientAddress(message: string): string | undefined {
  const line = /^\s*Client address:\s*((?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:\s+from unknown subnet)?\s*$/im.exec(
    message,
  );
  return (line ?? /Client address \(([\d.]+)\)/i.exec(message))?.[1];
}

function isManager(fault: Fault): boolean {
  return fault.host?.startsWith('management.') === true;
}

function byFirewall(vault: string, fault: Fault): Diagnosis {
  const address = clientAddress(fault.message);
  const agent = address === undefined ? 'this agent' : `this agent's address ${address}`;
  return {
    code: 'AKV-FIREWALL',
    summary: `The firewall of '${vault}' does not allow ${agent}.`,
    cause: 'The identity signed in; the vault refused the connection before it looked at permissions.',
    remedy: [
      'Put the task KeyVaultAgentAccess@1 in front of this step (with runAsPreJob: true if this one has it), or',
      `az keyvault network-rule add --name ${vault} --ip-address ${address ?? '<agent address>'}/32`,
    ],
  };
}

function byPerimeter(vault: string): Diagnosis {
  return {
    code: 'AKV-PERIMETER',
    summary: `The network security perimeter around '${vault}' does not allow this agent.`,
    remedy: [
      "Add an inbound access rule for the agent to the perimeter's profile, or use a self-hosted agent inside it.",
    ],
  };
}

function byConnection(vault: string): Diagnosis {
  return {
    code: 'AKV-PRIVATE-ONLY',
    summary: `'${vault}' accepts private endpoints only (public network access is disabled); firewall rules do not help.`,
    remedy: [
      'Run this job on a self-hosted agent or Managed DevOps Pool whose network has a private endpoint of the vault.',
    ],
  };
}

function byRoles(vault: string, fault: Fault, { clientId, resourceId }: FailureContext): Diagnosis {
  const action = /Action: '([^']+)'/.exec(fault.message)?.[1];
  return {
    code: 'AKV-RBAC',
    summary: `The service connection's identity may not ${action === undefined ? 'do this' : `perform ${action}`} on '${vault}'.`,
    cause: 'It has no role assignment that allows it, or one was made in the last minutes and is not in effect yet.',
    remedy: [
      `az role assignment create --role "Key Vault Secrets User" ${principalOf(fault.message, clientId).assignee} --scope ${resourceId ?? `$(az keyvault show --name ${vault} --query id -o tsv)`}`,
    ],
  };
}

function byAccessPolicy(vault: string, fault: Fault, { clientId }: FailureContext): Diagnosis {
  const permission = /does not have secrets (\w+) permission/i.exec(fault.message)?.[1] ?? 'get';
  return {
    code: 'AKV-ACCESS-POLICY',
    summary: `No access policy of '${vault}' gives the service connection's identity the permission to ${permission} secrets.`,
    remedy: [
      `az keyvault set-policy --name ${vault} ${principalOf(fault.message, clientId).policyOption} --secret-permissions ${permission}`,
    ],
  };
}

/** The SDK compares a challenge with the vault's host before it asks for any token. */
function foreignChallenge(vault: string, resource: string): Diagnosis {
  return {
    code: 'AKV-FOREIGN-HOST',
    summary: `An answer in the name of '${vault}' asked for a token for '${resource}'; none was sent.`,
    cause:
      'A vault asks for tokens of its own cloud only. Something between this agent and the vault changes its answers.',
    remedy: ['Find out which proxy or gateway answers for the vault, and let this agent reach it without.'],
  };
}

function unauthorized(vault: string, fault: Fault, { clientId }: FailureContext): Diagnosis {
  return {
    code: 'AKV-UNAUTHORIZED',
    summary: `'${vault}' did not accept the token of ${clientId ?? "the service connection's identity"}: ${fault.message}`,
    cause:
      'The vault belongs to another Microsoft Entra tenant than the service connection, or the clock of this agent is wrong.',
    remedy: [`Compare the tenants: az keyvault show --name ${vault} --query properties.tenantId`],
  };
}
