import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';
import type { Fault } from './fault';
import { foreignChallenge } from './foreign-host';
import { blockedByPerimeter, foreignPrivateConnection, privateOnly, throughSubnet } from './network-access';
import { principalOf } from './principal';

/**
 * Refusals of a vault's data plane. The inner code decides. If a front end sends no inner code, the message decides,
 * and network markers take precedence over those of permissions, because the firewall is checked first
 * (learn.microsoft.com, "Azure Key Vault REST API error codes").
 */
export const explainVault: Explanation = (fault, context) => {
  const vault = context.vault ?? 'the vault';
  if (fault.host?.startsWith('management.') === true) {
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
  const inner = fault.innerCode.toLowerCase();
  const refusal =
    refusals.find(({ innerCodes }) => innerCodes.includes(inner)) ??
    refusals.find(({ words }) => words.test(fault.message));
  return refusal?.diagnose(vault, fault, context);
};

interface Refusal {
  /** In lower case. */
  readonly innerCodes: readonly string[];
  readonly words: RegExp;
  readonly diagnose: (vault: string, fault: Fault, context: FailureContext) => Diagnosis;
}

/** In the order of precedence. Sources: docs/troubleshooting.md, "What Azure says". */
const refusals: readonly Refusal[] = [
  {
    innerCodes: ['forbiddenbynsp'],
    words: /forbidden by NSP policy/i,
    diagnose: (vault) => blockedByPerimeter(vault),
  },
  {
    innerCodes: ['forbiddenbyfirewall'],
    words: /client address .*is not authorized/i,
    diagnose: byFirewall,
  },
  {
    innerCodes: ['forbiddenbyconnection'],
    words: /public network access is disabled|approved private link|TCP connection does not allow access to/i,
    diagnose: byConnection,
  },
  { innerCodes: ['forbiddenbyrbac'], words: /not authorized to perform action/i, diagnose: byRoles },
  {
    innerCodes: ['accessdenied', 'forbiddenbypolicy'],
    words:
      /does not have secrets \w+ permission|not found on any access policy|denied to first party service|not allowed by vault policy/i,
    diagnose: byAccessPolicy,
  },
];

/**
 * The caller's address as the vault saw it, from the line of the denial. Addresses elsewhere in the text are not the
 * caller's.
 */
export function clientAddress(message: string): string | undefined {
  const line = /^\s*Client address:\s*((?:\d{1,3}\.){3}\d{1,3})(?::\d+)?(?:\s+from unknown subnet)?\s*$/im.exec(
    message,
  );
  return (line ?? /Client address \(([\d.]+)\)/i.exec(message))?.[1];
}

/**
 * Addresses that a vault sees only through a service endpoint; its firewall does not accept rules for them (RFC 1918).
 */
const privateAddress = /^(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./;

/**
 * If a perimeter is also checked but does not decide alone, the vault returns `ForbiddenByFirewall` and "not allowed by
 * NSP rules". An IP rule then helps (learn.microsoft.com, "Access a private key vault from your pipeline").
 */
function byFirewall(vault: string, { message }: Fault): Diagnosis {
  const address = clientAddress(message);
  if (/from unknown subnet/i.test(message) || privateAddress.test(address ?? '')) {
    return throughSubnet(vault);
  }
  const agent = address === undefined ? 'this agent' : `this agent's address ${address}`;
  return {
    code: 'AKV-FIREWALL',
    summary: `The firewall of '${vault}' does not allow ${agent}.`,
    cause: 'The identity signed in; the vault refused the connection before it checked permissions.',
    remedy: [
      'Add the task KeyVaultAgentAccess@1 before this step (with runAsPreJob: true if this step has it), or',
      `az keyvault network-rule add --name ${vault} --ip-address ${address ?? '<agent address>'}/32`,
      ...(/\bNSP\b/.test(message)
        ? [
            "If the vault is in a network security perimeter in enforced mode: add an inbound access rule to the perimeter's profile instead.",
          ]
        : []),
    ],
  };
}

function byConnection(vault: string, { host, message }: Fault): Diagnosis {
  const server = host ?? `${vault}.vault.azure.net`;
  return /TCP connection does not allow/i.test(message)
    ? foreignPrivateConnection(vault, server)
    : privateOnly(vault, server);
}

function byRoles(vault: string, { message }: Fault, { resourceId }: FailureContext): Diagnosis {
  const action = /Action: '([^']+)'/.exec(message)?.[1];
  return {
    code: 'AKV-RBAC',
    summary: `The service connection's identity is not authorized to ${action === undefined ? 'do this' : `perform ${action}`} on '${vault}'.`,
    cause: 'It has no role assignment for this, or the assignment is a few minutes old and not in effect yet.',
    remedy: [
      `az role assignment create --role "Key Vault Secrets User" ${principalOf(message).assignee} --scope ${resourceId ?? `$(az keyvault show --name ${vault} --query id -o tsv)`}`,
    ],
  };
}

function byAccessPolicy(vault: string, { message }: Fault): Diagnosis {
  const permission = /does not have secrets (\w+) permission/i.exec(message)?.[1];
  return {
    code: 'AKV-ACCESS-POLICY',
    summary: `No access policy of '${vault}' gives the service connection's identity the permission to ${permission ?? 'read'} secrets.`,
    remedy: [
      `az keyvault set-policy --name ${vault} ${principalOf(message).policyOption} --secret-permissions get list`,
      'The command replaces the secret permissions of the identity: name those that it needs for other work, too. list is needed for patterns only.',
    ],
  };
}

function unauthorized(vault: string, { message }: Fault, { bindsTokens = false }: FailureContext): Diagnosis {
  return {
    code: 'AKV-UNAUTHORIZED',
    summary: `'${vault}' did not accept the token of the service connection's identity.`,
    cause: bindsTokens
      ? 'The vault requires tokens that are bound to the client (tokenBindingParameters.mode is Enforced), which pipeline tasks cannot get.'
      : `The vault belongs to another Microsoft Entra tenant than the service connection, or the clock of this agent is wrong${/AKV10\d+/.test(message) ? '' : ', or the vault requires bound tokens'}.`,
    remedy: bindsTokens
      ? ['Ask the owner of the vault to set tokenBindingParameters.mode to NotEnforced.']
      : [`Compare the tenants: az keyvault show --name ${vault} --query properties.tenantId`],
  };
}
