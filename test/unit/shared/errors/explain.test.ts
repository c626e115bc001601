import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { explain } from '../../../../tasks/shared/errors/explain';
import type { FailureContext } from '../../../../tasks/shared/errors/explanation';
import { clientAddress } from '../../../../tasks/shared/errors/explain-vault';
import { answerError } from '../../../../tasks/shared/errors/fault';
import { managerDenials, vaultDenials, type Denial } from '../../../fixtures/denials';

const application = '55555555-5555-4555-8555-555555555555';
const context: FailureContext = { vault: 'contoso-kv', clientId: application };

/** The error that the tasks see of a denial. */
function denied({ status, host, code, innerCode, message }: Omit<Denial, 'title' | 'expected'>): Error {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return answerError({
    status,
    request: { url: `https://${host}/secrets` },
    headers: createHttpHeaders({ 'x-ms-request-id': 'request-1' }),
    bodyAsText: JSON.stringify({ error: { code, message, ...innererror } }),
  });
}

function messageOf(error: unknown, given: FailureContext = context): string {
  return explain(error, given).message;
}

describe('explain', () => {
  for (const denial of vaultDenials) {
    it(`recognises a vault's refusal by ${denial.title}`, () => {
      const { diagnosis, message } = explain(denied(denial), context);
      assert.equal(diagnosis.code, denial.expected);
      assert.match(message, /contoso-kv/);
      assert.match(message, /^Request id: request-1$/m);
      assert.match(message, new RegExp(`^More: ${denial.expected} in docs/troubleshooting\\.md$`, 'm'));
      if (denial.expected === 'AKV-FIREWALL') {
        assert.equal(clientAddress(denial.message), denial.address);
      }
      if (denial.address !== undefined) {
        assert.match(message, new RegExp(`--ip-address ${denial.address}/32`));
      }
    });

    if (denial.innerCode !== undefined) {
      it(`recognises it by its inner code alone in any case and spacing: ${denial.title}`, () => {
        const innerCode = ` ${denial.innerCode?.toUpperCase() ?? ''} `;
        const message = denial.expected === 'AKV-PERIMETER' ? 'NSP' : 'words of the future';
        assert.equal(explain(denied({ ...denial, innerCode, message })).diagnosis.code, denial.expected);
      });
    }

    if (denial.status === 403) {
      it(`recognises it by its words alone: ${denial.title}`, () => {
        const { status, host, code, message } = denial;
        assert.equal(explain(denied({ status, host, code, message })).diagnosis.code, denial.expected);
      });
    }
  }

  for (const denial of managerDenials) {
    it(`recognises Azure Resource Manager's refusal for ${denial.title}`, () => {
      for (const host of ['management.azure.com', 'management.usgovcloudapi.net', 'management.chinacloudapi.cn']) {
        assert.equal(explain(denied({ ...denial, host }), context).diagnosis.code, denial.expected);
      }
    });
  }

  it('gives the command with the least role, and names no stronger one', () => {
    for (const denial of [...vaultDenials, ...managerDenials]) {
      assert.doesNotMatch(messageOf(denied(denial)), /Owner|Contributor|Administrator|Officer/);
    }
    const rbac = vaultDenials.find(({ expected }) => expected === 'AKV-RBAC');
    assert.ok(rbac);
    assert.match(
      messageOf(denied(rbac)),
      /az role assignment create --role "Key Vault Secrets User" --assignee-object-id 66666666-6666-4666-8666-666666666666 --assignee-principal-type ServicePrincipal --scope/,
    );
    assert.match(messageOf(denied(rbac)), /may not perform Microsoft\.KeyVault\/vaults\/secrets\/getSecret\/action/);
  });

  it('gives the commands that make and assign the role of KeyVaultAgentAccess, as far as the refusal tells the names', () => {
    const denial = managerDenials.find(({ title }) => title === 'missing rights');
    assert.ok(denial);
    const message = messageOf(denied(denial), { vault: 'contoso-kv' });
    assert.match(message, /may not perform Microsoft\.KeyVault\/vaults\/write in Azure Resource Manager/);
    const [, definition = ''] = /az role definition create --role-definition '(.*)'$/m.exec(message) ?? [];
    assert.deepEqual(JSON.parse(definition), {
      Name: 'Key Vault Firewall Operator',
      Actions: ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write'],
      AssignableScopes: ['/subscriptions/x'],
    });
    assert.match(message, /--scope \$\(az keyvault show --name contoso-kv --query id -o tsv\)$/m);
  });

  it('names the permission on subnets that writing a vault with subnets in its firewall takes', () => {
    const denial = managerDenials.find(({ code }) => code === 'LinkedAuthorizationFailed');
    assert.ok(denial);
    const message = messageOf(denied(denial), { vault: 'contoso-kv' });
    assert.match(message, /joinViaServiceEndpoint\/action[^]*network-rule list --name contoso-kv /);
    assert.doesNotMatch(message, /Key Vault Firewall Operator/);
  });

  it('asks for just the permission that an access policy lacks', () => {
    const [lists] = vaultDenials.filter(({ expected }) => expected === 'AKV-ACCESS-POLICY');
    assert.ok(lists);
    assert.match(messageOf(denied(lists)), /--secret-permissions list$/m);
  });

  const signIns: readonly (readonly [number, string, string, RegExp])[] = [
    [7000215, 'a wrong secret', 'AKV-AUTH-SECRET', /client secret is wrong/],
    [7000222, 'an expired secret', 'AKV-AUTH-SECRET', /client secret has expired/],
    [7000112, 'a disabled application', 'AKV-AUTH-IDENTITY', /disabled/],
    [700016, 'an unknown application', 'AKV-AUTH-IDENTITY', /does not exist in the connection's tenant/],
    [90002, 'an unknown tenant', 'AKV-AUTH-IDENTITY', /tenant does not exist in this cloud/],
    [700027, 'a certificate that is not registered', 'AKV-AUTH-CERTIFICATE', /certificate/],
    [700024, 'a wrong clock', 'AKV-CLOCK', /clock/],
    [70021, 'an application without federated credentials', 'AKV-AUTH-FEDERATION', /federated credential/],
    [700211, 'another issuer', 'AKV-AUTH-FEDERATION', /federated credential/],
    [700212, 'another audience', 'AKV-AUTH-FEDERATION', /federated credential/],
    [700213, 'another subject', 'AKV-AUTH-FEDERATION', /federated credential/],
    [7002138, 'a subject in other case', 'AKV-AUTH-FEDERATION', /case-sensitively/],
    [53003, 'anything else', 'AKV-AUTH', /error\?code=53003 explains/],
  ];
  for (const [number, what, code, cause] of signIns) {
    it(`recognises a sign-in that failed for ${what}, in the SDK's words and in Entra's own`, () => {
      const words = `AADSTS${number}: It failed so. Trace ID: 1 Correlation ID: 2 Timestamp: 3`;
      const bySdk = Object.assign(
        new Error(`invalid_client: Error(s): ${number} - Timestamp: 3 - Description: ${words}`),
        {
          name: 'AuthenticationRequiredError',
        },
      );
      const byEntra = answerError({
        status: 401,
        request: { url: 'https://login.microsoftonline.com/t/oauth2/v2.0/token' },
        headers: createHttpHeaders(),
        bodyAsText: JSON.stringify({ error: 'invalid_client', error_description: words }),
      });
      for (const error of [bySdk, byEntra]) {
        const { diagnosis, message } = explain(error, { clientId: application });
        assert.equal(diagnosis.code, code);
        assert.match(message, cause);
        assert.match(message, new RegExp(`application ${application}: AADSTS${number} It failed so\\.$`, 'm'));
        assert.doesNotMatch(message, /Trace ID/);
      }
    });
  }

  it('keeps the reason for which a certificate is refused', () => {
    const expired =
      "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: 'AB12'] Trace ID: 1";
    const message = messageOf(new Error(expired), { clientId: application });
    assert.match(message, /^AKV-AUTH-CERTIFICATE: [^]*\[Reason - The key used is expired\.[^]*or it has expired/);
    assert.match(message, /enter the current certificate with its key/);
  });

  for (const [what, error] of [
    ['DNS does not know', Object.assign(new Error('x'), { code: 'ENOTFOUND', host: 'contoso-kv.vault.azure.net' })],
    [
      'a proxy does not find',
      Object.assign(new Error('x'), { code: 'PROXY_REFUSED', host: 'contoso-kv.vault.azure.net' }),
    ],
    ['Azure Resource Manager does not find', denied(managerDenials.find(({ code }) => code === 'ResourceNotFound')!)],
  ] as const) {
    it(`says how to recover a vault that ${what}`, () => {
      assert.match(messageOf(error), /If it was deleted: az keyvault recover --name contoso-kv /);
    });
  }

  it('says that a server asks for a client certificate, and does not blame its own', () => {
    const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
    const message = messageOf(Object.assign(new Error('alert'), { code, host: 'h.example' }));
    assert.match(message, /^AKV-TLS: h\.example, or a proxy [^]*client certificate[^]*--sslclientcert /);
    assert.doesNotMatch(message, /not trusted/);
  });

  it('shows issuer, subject and audience to paste when no federated credential matches', () => {
    const federation = { issuer: 'https://issuer.example/1', subject: 'sc://contoso/shop/azure', audience: 'api://x' };
    const message = messageOf(new Error('AADSTS700213: No match.'), { clientId: application, federation });
    assert.match(message, /^ +issuer: +https:\/\/issuer\.example\/1$/m);
    assert.match(message, /^ +subject: +sc:\/\/contoso\/shop\/azure$/m);
    assert.match(message, /^ +audience: +api:\/\/x$/m);
    assert.match(message, /az ad app federated-credential list --id <application id> shows/);
  });

  it('says that the vault trusts another tenant', () => {
    const sdk =
      'The current credential is not configured to acquire tokens for tenant 99999999-9999. To enable acquiring tokens for this tenant add it to the AdditionallyAllowedTenants on the credential options';
    const { diagnosis } = explain(new Error(sdk), { ...context, tenantId: '11111111-1111' });
    assert.equal(diagnosis.code, 'AKV-TENANT');
    assert.match(
      diagnosis.summary,
      /'contoso-kv' trusts .* tenant 99999999-9999 only, .* identity is of 11111111-1111\./,
    );
  });

  it('says that a challenge asked for a token of another resource', () => {
    const sdk = "The challenge resource 'evil.example' does not match the requested domain. Set disableChallenge...";
    assert.match(
      messageOf(new Error(sdk)),
      /^AKV-FOREIGN-HOST: .*asked for a token for 'evil\.example'; none was sent/,
    );
  });

  const network: readonly (readonly [string, object, string, RegExp])[] = [
    [
      'an unknown host',
      { code: 'ENOTFOUND', hostname: 'contoso-kv.vault.azure.net' },
      'AKV-HOST-NOT-FOUND',
      /no vault 'contoso-kv'/,
    ],
    ['DNS that is not ready', { code: 'EAI_AGAIN', host: 'h.example' }, 'AKV-NETWORK', /h\.example.*EAI_AGAIN/],
    ['a reset connection', { code: 'ECONNRESET', host: 'h.example' }, 'AKV-NETWORK', /ECONNRESET/],
    ['no answer in time', { code: 'ATTEMPT_TIMEOUT', host: 'h.example' }, 'AKV-NETWORK', /ATTEMPT_TIMEOUT/],
    ['a broken body', { code: 'BROKEN_BODY', host: 'h.example' }, 'AKV-NETWORK', /instead of Azure, or cuts/],
    ['a page instead of a refusal', { code: 'FOREIGN_ANSWER', host: 'h.example' }, 'AKV-INTERCEPTED', /Not Azure/],
    [
      'a proxy that wants a password',
      { code: 'PROXY_AUTHENTICATION', host: 'h.example' },
      'AKV-PROXY',
      /--proxypassword/,
    ],
    ['a proxy that refuses', { code: 'PROXY_REFUSED', host: 'h.example' }, 'AKV-PROXY', /no vault 'contoso-kv'/],
    ['a private authority', { code: 'SELF_SIGNED_CERT_IN_CHAIN', host: 'h.example' }, 'AKV-TLS', /--sslcacert/],
    [
      'an unknown issuer',
      { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', host: 'h.example' },
      'AKV-TLS',
      /NODE_EXTRA_CA_CERTS/,
    ],
    [
      'a certificate of another host',
      { code: 'ERR_TLS_CERT_ALTNAME_INVALID', host: 'h.example' },
      'AKV-TLS',
      /h\.example/,
    ],
    ['an expired certificate', { code: 'CERT_HAS_EXPIRED', host: 'h.example' }, 'AKV-TLS', /CERT_HAS_EXPIRED/],
    ['throttling', { statusCode: 429, host: 'contoso-kv.vault.azure.net' }, 'AKV-THROTTLED', /4,000 secret requests/],
    [
      'throttling elsewhere',
      { statusCode: 429, host: 'management.azure.com' },
      'AKV-THROTTLED',
      /Too many requests of one identity/,
    ],
    ['HTTP 408', { statusCode: 408, host: 'h.example' }, 'AKV-SERVICE', /HTTP 408/],
    ['HTTP 425', { statusCode: 425, host: 'h.example' }, 'AKV-SERVICE', /HTTP 425/],
    ['HTTP 500', { statusCode: 500, host: 'h.example' }, 'AKV-SERVICE', /HTTP 500/],
    ['HTTP 501', { statusCode: 501, host: 'h.example' }, 'AKV-SERVICE', /HTTP 501/],
  ];
  for (const [what, members, code, text] of network) {
    it(`recognises ${what}`, () => {
      const { diagnosis, message } = explain(Object.assign(new Error('words'), members), context);
      assert.equal(diagnosis.code, code);
      assert.match(message, text);
    });
  }

  it('quotes what the server asked for when it throttles', () => {
    const error = answerError({
      status: 429,
      request: { url: 'https://contoso-kv.vault.azure.net/secrets' },
      headers: createHttpHeaders({ 'Retry-After': '86400' }),
      bodyAsText: '{}',
    });
    assert.match(messageOf(error), /asked to be left alone for longer \(Retry-After: 86400\)/);
  });

  it('says of a managed identity whether the machine has none or not this one', () => {
    const given: FailureContext = { identityKind: 'managed', clientId: application };
    const absent = Object.assign(new Error('no answer'), { code: 'ATTEMPT_TIMEOUT', host: '169.254.169.254' });
    assert.match(
      messageOf(absent, given),
      /^AKV-MANAGED-IDENTITY: .*169\.254\.169\.254[^]*does not run on an Azure machine/,
    );
    const unknown = Object.assign(new Error('Identity not found'), { statusCode: 400, host: '169.254.169.254' });
    assert.match(messageOf(unknown, given), /HTTP 400: Identity not found[^]*not assigned to it[^]*--identities/);
  });

  it('leaves an error that is diagnosed already as it is', () => {
    const diagnosed = new DiagnosedError({ code: 'AKV-TIMEOUT', summary: 'No time left.', remedy: [] });
    assert.equal(explain(diagnosed, context), diagnosed);
  });

  for (const [what, thrown] of Object.entries({
    'a defect': new TypeError('x is not a function'),
    'a text': 'words',
    nothing: undefined,
    null: null,
    'an unknown status': { statusCode: 418, message: 'teapot' },
  })) {
    it(`keeps the words of what it does not know: ${what}`, () => {
      const { diagnosis, cause } = explain(thrown);
      assert.equal(diagnosis.code, 'AKV-UNEXPECTED');
      assert.match(diagnosis.remedy.join(), /System\.Debug/);
      assert.equal(cause, thrown);
    });
  }
});
