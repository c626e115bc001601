/**
 * Where the servers' answers differ from what Azure publishes. The simulation answers as published, without exception.
 */
interface Difference {
  readonly server: 'vault' | 'resource manager' | 'token service';
  readonly theirs: string;
  readonly published: string;
  /** The source of the published answer. */
  readonly source: string;
  /** What {@link ask} finds, by the title of the request. */
  readonly requests: Readonly<Record<string, readonly string[]>>;
}

const overview = 'Microsoft Learn, "Azure Key Vault keys, secrets and certificates overview"';
const recordings = 'Azure/azure-sdk-for-js, recordings of `keyvault-secrets`';
const specification = 'Azure/azure-rest-api-specs, `Microsoft.KeyVault` secrets';
const noInnerError = ['body.error.innererror is missing'];
const onlyGetAndPut = ['status 405, not 200'];

/** In the order of the page. */
export const differences: readonly Difference[] = [
  {
    server: 'vault',
    theirs: 'The 401 for a wrong audience or tenant has a different text.',
    published: 'It begins with `AKV10022` (audience) or `AKV10032` (issuer).',
    source: 'MicrosoftDocs/azure-docs issue 109562; Azure/azure-sdk-for-js issue 12539',
    requests: {
      'a token for Azure Resource Manager is refused': ['body.error.message does not match /^AKV10022: /'],
      'a token of another tenant is refused': ['body.error.message does not match /^AKV10032: /'],
    },
  },
  {
    server: 'vault',
    theirs:
      'A 403 does not name its reason in `error.innererror.code`. The task then knows a disabled secret by the message, and reports a missing role as `AKV-UNEXPECTED`, in the words of the server.',
    published: '`ForbiddenByRbac`, `SecretDisabled`.',
    source: 'Azure/azure-sdk-for-js issue 24756; Microsoft Learn, Q&A 2139767',
    requests: {
      'a caller without a role is refused': noInnerError,
      'a disabled secret': noInnerError,
      'setting a secret without the permission': noInnerError,
      'changing a secret without the permission': noInnerError,
    },
  },
  {
    server: 'vault',
    theirs: 'Answers have `x-ms-request-id` only.',
    published:
      'Region, version and `x-ms-keyvault-network-info`, too; KeyVaultAgentAccess reads its own address from the last.',
    source: recordings,
    requests: {
      'an answer says which front end gave it, and whom that saw': [
        'x-ms-keyvault-region is missing',
        'x-ms-keyvault-service-version is missing',
        'x-ms-keyvault-network-info is missing',
        'x-content-type-options is missing',
      ],
    },
  },
  {
    server: 'vault',
    theirs: 'A secret without tags has an empty `tags`.',
    published: 'It has none.',
    source: recordings,
    requests: { 'a secret without tags': ['body.tags is there'] },
  },
  {
    server: 'vault',
    theirs: 'Names are compared letter by letter.',
    published: 'Identifiers of objects are case-insensitive.',
    source: overview,
    requests: { 'the name of a secret in another case': ['status 404, not 200'] },
  },
  {
    server: 'vault',
    theirs: '`outContentType` is ignored.',
    published: 'Since 2025-07-01 an unknown format is refused.',
    source: 'Microsoft Learn, Key Vault REST API 2025-07-01, "Get Secret"',
    requests: { 'an unknown format is refused': ['status 200, not 400'] },
  },
  {
    server: 'vault',
    theirs: 'Secrets outside of `nbf` and `exp` are refused with 403.',
    published: 'They are served: both are for information.',
    source: 'Microsoft Learn, "About Azure Key Vault secrets"; Azure/AzureKeyVault issue 19',
    requests: {
      'a secret after its expiry': ['status 403, not 200'],
      'a secret before its time': ['status 403, not 200'],
    },
  },
  {
    server: 'vault',
    theirs: 'A `maxresults` out of range counts as 25.',
    published: 'It is a bad request: 1 to 25.',
    source: specification,
    requests: { 'a page larger than 25': ['status 200, not 400'], 'a page of none': ['status 200, not 400'] },
  },
  {
    server: 'vault',
    theirs: 'Every version that looks like `7.x` or a date is served.',
    published: 'Only those that there are.',
    source: specification,
    requests: { 'a version of the interface that never was': ['status 200, not 400'] },
  },
  {
    server: 'vault',
    theirs: 'A name that no secret can have is not found: 404.',
    published: 'It is a bad request: `^[0-9a-zA-Z-]+$`, at most 127 characters.',
    source: `${specification}; ${overview}`,
    requests: {
      'a name with a character that names have not': ['status 404, not 400'],
      'a name of 128 characters': ['status 404, not 400'],
    },
  },
  {
    server: 'resource manager',
    theirs:
      'A vault has no `systemData` and no `networkAcls`, and PATCH is refused with 405: the firewall half of this project cannot run against it.',
    published: 'All three are there.',
    source: 'Azure/azure-rest-api-specs, `Microsoft.KeyVault` vaults 2026-02-01',
    requests: {
      'when and by whom a vault was last changed': ['body.systemData is missing'],
      'a change of tags leaves the properties as they are': onlyGetAndPut,
      'a change of tags takes away those that it does not name': onlyGetAndPut,
      'an empty change changes nothing': onlyGetAndPut,
      'a change of the firewall leaves the tags as they are': onlyGetAndPut,
    },
  },
  {
    server: 'resource manager',
    theirs: 'Every 401 has the code `AuthenticationFailed`.',
    published: '`InvalidAuthenticationTokenAudience`, `ExpiredAuthenticationToken`, `InvalidAuthenticationToken`.',
    source: 'hashicorp/go-azure-helpers issue 51; microsoft/vscode-azureappservice issue 2483',
    requests: {
      'a vault with a token for vaults': [
        'body.error.code is "AuthenticationFailed", not "InvalidAuthenticationTokenAudience"',
      ],
      'a vault with what is no token': ['body.error.code is "AuthenticationFailed", not "InvalidAuthenticationToken"'],
      'a vault with an expired token': ['body.error.code is "AuthenticationFailed", not "ExpiredAuthenticationToken"'],
    },
  },
  {
    server: 'resource manager',
    theirs: 'Any `api-version` is served.',
    published: '`NoRegisteredProviderFound` for one that there is not.',
    source: 'Microsoft Learn, "Resolve errors for resource provider registration"',
    requests: { 'a vault in a version that never was': ['status 200, not 400'] },
  },
  {
    server: 'resource manager',
    theirs: 'Every caller with a token can read and write all resources; roles apply only in the vault.',
    published: '403 `AuthorizationFailed` without a role.',
    source: 'Microsoft Learn, "Troubleshoot Azure RBAC"',
    requests: { 'a vault without a role on it': ['status 200, not 403'] },
  },
  {
    server: 'token service',
    theirs: 'An application that is not there is `AADSTS700038`.',
    published: '`AADSTS700016`.',
    source: 'Microsoft Learn, "Microsoft Entra authentication and authorization error codes"',
    requests: {
      'no token for an application that is not there': [
        'body.error_description does not match /^AADSTS700016: /',
        'body.error_codes[0] is 700038, not 700016',
      ],
    },
  },
  {
    server: 'token service',
    theirs:
      'For a tenant that is not there, `error_codes` has another number than the description, and there is no document of endpoints: 404.',
    published: '400 with 90002 in both places; the document is refused as `invalid_tenant`.',
    source: 'panva/openid-client issue 175',
    requests: {
      'no token for an unknown tenant': ['body.error_codes[0] is 900144, not 90002'],
      'the endpoints of a tenant that is not there': ['status 404, not 400'],
    },
  },
];
