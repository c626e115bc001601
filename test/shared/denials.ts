/** Refusals as Azure words them, collected from public reports, and what the user has to be told of each. */
export interface Denial {
  readonly title: string;
  readonly status: number;
  readonly host: string;
  readonly code: string;
  readonly innerCode?: string;
  readonly message: string;
  readonly expected: string;
  /** The caller's address that the advice has to name. */
  readonly address?: string;
}

const vault = { status: 403, host: 'contoso-kv.vault.azure.net', code: 'Forbidden' };
const caller =
  'Caller: appid=55555555-5555-4555-8555-555555555555;oid=66666666-6666-4666-8666-666666666666;iss=https://sts.windows.net/11111111/';
const place = 'Vault: contoso-kv;location=westeurope';
const firewall = 'Client address is not authorized and caller is not a trusted service.';

export const vaultDenials: readonly Denial[] = [
  {
    ...vault,
    title: 'the firewall (hashicorp/terraform-provider-azurerm#20742)',
    innerCode: 'ForbiddenByFirewall',
    message: `${firewall}\r\nClient address: 24.47.181.152\r\n${caller}\r\n${place}`,
    expected: 'AKV-FIREWALL',
    address: '24.47.181.152',
  },
  {
    ...vault,
    title: 'the firewall with a port behind the address',
    innerCode: 'ForbiddenByFirewall',
    message: `${firewall}\r\nClient address: 20.78.114.120:443\r\n${place}`,
    expected: 'AKV-FIREWALL',
    address: '20.78.114.120',
  },
  {
    ...vault,
    title: 'the firewall without bypass (MicrosoftDocs/azure-docs)',
    innerCode: ' ForbiddenByFirewall ',
    message: `Client address is not authorized and caller was ignored because bypass is set to None\r\nClient address: 13.64.246.36\r\nCaller: name=Unknown/unknown;appid=x\r\n${place}`,
    expected: 'AKV-FIREWALL',
    address: '13.64.246.36',
  },
  {
    ...vault,
    title: 'the firewall towards a service endpoint (hashicorp/packer-plugin-azure#384)',
    innerCode: 'ForbiddenByFirewall',
    message: `${firewall}\r\nClient address: 10.1.2.3 from unknown subnet\r\n${place}`,
    expected: 'AKV-FIREWALL',
    address: '10.1.2.3',
  },
  {
    ...vault,
    title: 'the firewall in its older words, without an inner code',
    message: 'Client address (20.61.146.97) is not authorized and caller is not a trusted service',
    expected: 'AKV-FIREWALL',
    address: '20.61.146.97',
  },
  {
    ...vault,
    title: 'the firewall, with another address in the line of the caller',
    innerCode: 'ForbiddenByFirewall',
    message: `${firewall}\r\nCaller: xms_mirid=/x/Client address: 9.9.9.9/y\r\n${place}`,
    expected: 'AKV-FIREWALL',
  },
  {
    ...vault,
    title: 'the firewall that also mentions permissions: it is asked first',
    message: `${firewall}\r\nClient address: 20.61.146.97\r\nCaller is not authorized to perform action on resource.`,
    expected: 'AKV-FIREWALL',
    address: '20.61.146.97',
  },
  {
    ...vault,
    title: 'a network security perimeter',
    innerCode: 'ForbiddenByFirewall',
    message:
      'Request was not allowed by NSP rules and the client address is not authorized and caller was ignored because bypass is set to None\r\nClient address: 20.61.146.97',
    expected: 'AKV-PERIMETER',
  },
  {
    ...vault,
    title: 'disabled public access',
    innerCode: 'ForbiddenByConnection',
    message:
      'Public network access is disabled and request is not from a trusted service nor via an approved private link.',
    expected: 'AKV-PRIVATE-ONLY',
  },
  {
    ...vault,
    title: 'disabled public access in other words (Azure/azure-cli#31406)',
    innerCode: 'ForbiddenByConnection',
    message:
      "Connection is not an approved private link and caller was ignored because bypass is not set to 'AzureServices' and PublicNetworkAccess is set to 'Disabled'.",
    expected: 'AKV-PRIVATE-ONLY',
  },
  {
    ...vault,
    title: 'role-based access control',
    innerCode: 'ForbiddenByRbac',
    message: `Caller is not authorized to perform action on resource.\r\nIf role assignments, deny assignments or role definitions were changed recently, please observe propagation time.\r\n${caller}\r\nAction: 'Microsoft.KeyVault/vaults/secrets/getSecret/action'\r\nResource: '/subscriptions/x'\r\nAssignment: (not found)\r\n${place}`,
    expected: 'AKV-RBAC',
  },
  {
    ...vault,
    title: 'access policies',
    innerCode: 'AccessDenied',
    message:
      "The user, group or application 'appid=5;oid=6;iss=x' does not have secrets list permission on key vault 'contoso-kv;location=westeurope'.",
    expected: 'AKV-ACCESS-POLICY',
  },
  {
    ...vault,
    title: 'access policies by their other code',
    innerCode: 'ForbiddenByPolicy',
    message: "The user, group or application does not have secrets get permission on key vault 'contoso-kv'.",
    expected: 'AKV-ACCESS-POLICY',
  },
  {
    ...vault,
    status: 401,
    code: 'Unauthorized',
    title: 'a missing token',
    message: 'AKV10000: Request is missing a Bearer or PoP token.',
    expected: 'AKV-UNAUTHORIZED',
  },
  {
    ...vault,
    status: 401,
    code: 'Unauthorized',
    title: 'a missing token in its newer words',
    message: 'Request is missing a Bearer or PoP token.',
    expected: 'AKV-UNAUTHORIZED',
  },
  {
    ...vault,
    status: 429,
    code: 'Throttled',
    title: 'its limit (vcsjones/AzureSignTool#219)',
    message: 'Request was not processed because too many requests were received. Reason: VaultRequestTypeLimitReached',
    expected: 'AKV-THROTTLED',
  },
  {
    ...vault,
    status: 401,
    code: 'Unauthorized',
    title: 'a token of another tenant',
    message: 'AKV10032: Invalid issuer. Expected one of https://sts.windows.net/1/, found https://sts.windows.net/2/.',
    expected: 'AKV-UNAUTHORIZED',
  },
];

const manager = { status: 403, host: 'management.azure.com' };

export const managerDenials: readonly Denial[] = [
  {
    ...manager,
    title: 'missing rights',
    code: 'AuthorizationFailed',
    message:
      "The client '5' with object id '6' does not have authorization to perform action 'Microsoft.KeyVault/vaults/write' over scope '/subscriptions/x' or the scope is invalid.",
    expected: 'AKV-ARM-ACCESS',
  },
  {
    ...manager,
    title: 'missing rights on a linked network',
    code: 'LinkedAuthorizationFailed',
    message:
      "The client has permission to perform action 'Microsoft.KeyVault/vaults/write', but not on the linked scope.",
    expected: 'AKV-ARM-ACCESS',
  },
  { ...manager, title: 'a 403 of an unknown code', code: 'Forbidden', message: 'No.', expected: 'AKV-ARM-ACCESS' },
  {
    ...manager,
    title: 'a policy',
    code: 'RequestDisallowedByPolicy',
    message: "Resource 'contoso-kv' was disallowed by policy.",
    expected: 'AKV-ARM-POLICY',
  },
  {
    ...manager,
    status: 409,
    title: 'a lock',
    code: 'ScopeLocked',
    message: 'The scope cannot perform write operation because following scope(s) are locked.',
    expected: 'AKV-ARM-LOCK',
  },
  {
    ...manager,
    status: 409,
    title: 'a concurrent write',
    code: 'ConflictError',
    message:
      "A conflict occurred that prevented the operation from completing. The operation failed because the Key Vault '' changed from the point the operation began.",
    expected: 'AKV-ARM-CONFLICT',
  },
  {
    ...manager,
    status: 409,
    title: 'a concurrent write of tags',
    code: 'ConflictingConcurrentWriteNotAllowed',
    message: 'The operation was interrupted by a conflicting concurrent write on the same entity. Please retry later.',
    expected: 'AKV-ARM-CONFLICT',
  },
  {
    ...manager,
    status: 409,
    title: 'a conflict of a code that nobody has seen yet',
    code: 'VaultBeingModified',
    message: 'Try later.',
    expected: 'AKV-ARM-CONFLICT',
  },
  {
    ...manager,
    status: 409,
    title: 'a policy that cannot be evaluated (Azure/azure-powershell#22472)',
    code: 'AmbiguousPolicyEvaluationPaths',
    message: 'Policy evaluation is ambiguous.',
    expected: 'AKV-ARM-POLICY',
  },
  {
    ...manager,
    status: 429,
    title: 'its limit',
    code: 'SubscriptionRequestsThrottled',
    message: "Number of 'write' requests for subscription '2' actor '6' exceeded. Please try again after '7' seconds.",
    expected: 'AKV-THROTTLED',
  },
  {
    ...manager,
    status: 404,
    title: 'an unknown vault',
    code: 'ResourceNotFound',
    message: "The Resource 'Microsoft.KeyVault/vaults/contoso-kv' was not found.",
    expected: 'AKV-ARM-NOT-FOUND',
  },
  {
    ...manager,
    status: 404,
    title: 'an unknown resource group',
    code: 'ResourceGroupNotFound',
    message: "Resource group 'shop' could not be found.",
    expected: 'AKV-ARM-NOT-FOUND',
  },
  {
    ...manager,
    status: 404,
    title: 'an unknown subscription',
    code: 'SubscriptionNotFound',
    message: "The subscription 'x' could not be found.",
    expected: 'AKV-ARM-NOT-FOUND',
  },
  {
    ...manager,
    status: 401,
    title: 'a token of another tenant',
    code: 'InvalidAuthenticationTokenTenant',
    message: "The access token is from the wrong issuer 'https://sts.windows.net/2/'.",
    expected: 'AKV-TENANT',
  },
  {
    ...manager,
    status: 401,
    title: 'an expired token',
    code: 'ExpiredAuthenticationToken',
    message: 'The access token expiry UTC time is earlier than current UTC time.',
    expected: 'AKV-UNAUTHORIZED',
  },
];
