import assert from 'node:assert/strict';
import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { explain } from '../../../../tasks/shared/errors/explain';
import type { FailureContext } from '../../../../tasks/shared/errors/explanation';
import { clientAddress } from '../../../../tasks/shared/errors/explain-vault';
import { answerError } from '../../../../tasks/shared/errors/fault';
import { application, context, denied, messageOf } from './denied';
import { armDenials, vaultDenials, type Denial } from '../../../fixtures/denials';

/** The denial on one line, as the log quotes it. */
function sayingOf({ status, code, innerCode, message }: Denial): string {
  const inner = innerCode === undefined ? '' : ` (${innerCode.trim()})`;
  return `HTTP ${status} ${code}${inner}: ${message.replace(/\s+/g, ' ').replaceAll(application, '<application id>')}`;
}

/** The refusal of a machine's own endpoint for managed identities. */
function refusedByMachine(words: string): Error {
  return answerError({
    status: 400,
    request: { url: 'http://169.254.169.254/metadata/identity/oauth2/token' },
    headers: createHttpHeaders(),
    bodyAsText: JSON.stringify({ error: 'invalid_request', error_description: words }),
  });
}

describe('explain', () => {
  for (const denial of vaultDenials) {
    it(`recognizes a vault's refusal by ${denial.title}`, () => {
      const { diagnosis, message } = explain(denied(denial), context);
      assert.equal(diagnosis.code, denial.expected);
      assert.match(message, /contoso-kv/);
      assert.equal(diagnosis.said, sayingOf(denial));
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
      it(`recognizes it by its inner code alone in any case and spacing: ${denial.title}`, () => {
        const innerCode = ` ${denial.innerCode?.toUpperCase() ?? ''} `;
        const message = denial.expected === 'AKV-SUBNET' ? 'from unknown subnet' : 'words of the future';
        assert.equal(explain(denied({ ...denial, innerCode, message })).diagnosis.code, denial.expected);
      });
    }

    if (denial.status === 403) {
      it(`recognizes it by its message alone: ${denial.title}`, () => {
        const { status, host, code, message } = denial;
        assert.equal(explain(denied({ status, host, code, message })).diagnosis.code, denial.expected);
      });
    }
  }

  for (const denial of armDenials) {
    it(`recognizes Azure Resource Manager's refusal for ${denial.title}`, () => {
      for (const host of ['management.azure.com', 'management.usgovcloudapi.net', 'management.chinacloudapi.cn']) {
        assert.equal(explain(denied({ ...denial, host }), context).diagnosis.code, denial.expected);
      }
    });
  }

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
    [53003, 'anything else', 'AKV-AUTH', /error\?code=53003$/m],
  ];
  for (const [number, what, code, cause] of signIns) {
    it(`recognizes a sign-in that failed for ${what}, in the SDK's words and in Entra's own`, () => {
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
        assert.match(message, new RegExp(`application \\(AADSTS${number}\\)\\.$`, 'm'));
        assert.match(message, new RegExp(`^Azure said: (HTTP 401: )?AADSTS${number}: It failed so\\.$`, 'm'));
        assert.doesNotMatch(message, /Trace ID/);
      }
    });
  }

  it('keeps the reason for which a certificate is refused', () => {
    const expired =
      "AADSTS700027: Client assertion contains an invalid signature. [Reason - The key used is expired., Thumbprint of key used by client: 'AB12'] Trace ID: 1";
    const message = messageOf(new Error(expired), { clientId: application });
    assert.match(message, /^AKV-AUTH-CERTIFICATE: [^]*or it has expired[^]*enter the current certificate with its key/);
    assert.match(message, /^Azure said: .*\[Reason - The key used is expired\./m);
  });

  for (const [what, error] of [
    ['DNS does not know', Object.assign(new Error('x'), { code: 'ENOTFOUND', host: 'contoso-kv.vault.azure.net' })],
    [
      'a proxy does not find',
      Object.assign(new Error('x'), { code: 'PROXY_REFUSED', host: 'contoso-kv.vault.azure.net' }),
    ],
    ['Azure Resource Manager does not find', denied(armDenials.find(({ code }) => code === 'ResourceNotFound')!)],
  ] as const) {
    it(`says how to recover a vault that ${what}`, () => {
      assert.match(messageOf(error), /If it was deleted: az keyvault recover --name contoso-kv /);
    });
  }

  it('says that a server asks for a client certificate, and does not blame its own', () => {
    const code = 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED';
    const message = messageOf(Object.assign(new Error('alert'), { code, host: 'h.example' }));
    assert.match(message, /^AKV-TLS: h\.example, or a proxy [^]*client certificate[^]*--sslclientcert /);
    assert.doesNotMatch(message, /does not trust/);
  });

  it('says where issuer and subject can be read, because the agent masks both, when no federated credential matches', () => {
    const federation = { issuer: 'https://issuer.example/1', subject: 'sc://contoso/shop/azure', audience: 'api://x' };
    const connection = {
      organization: 'contoso',
      project: 'shop',
      url: 'https://dev.azure.com/contoso/shop/_settings',
    };
    const message = messageOf(new Error("AADSTS700213: No match for 'sc://contoso/shop/azure'."), {
      clientId: application,
      federation,
      connection,
    });
    assert.match(
      message,
      /organization contoso, project shop, connection azure: https:\/\/dev\.azure\.com\/contoso\/shop\/_settings$/m,
    );
    assert.match(message, /az ad app federated-credential list --id <application id>; .* the audience api:\/\/x\.$/m);
    assert.doesNotMatch(message, /issuer\.example|sc:\/\//);
  });

  it('says that the vault trusts another tenant', () => {
    const sdk =
      'The current credential is not configured to acquire tokens for tenant 99999999-9999. To enable acquiring tokens for this tenant add it to the AdditionallyAllowedTenants on the credential options';
    const { diagnosis } = explain(new Error(sdk), { ...context, tenantId: '11111111-1111' });
    assert.equal(diagnosis.code, 'AKV-TENANT');
    assert.match(
      diagnosis.summary,
      /'contoso-kv' belongs to the .* tenant 99999999-9999, .* identity to 11111111-1111\./,
    );
  });

  it('says that a challenge asked for a token of another resource', () => {
    const sdk = "The challenge resource 'evil.example' does not match the requested domain. Set disableChallenge...";
    assert.match(
      messageOf(new Error(sdk)),
      /^AKV-FOREIGN-HOST: .*requested a token for 'evil\.example'; none was sent/,
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
    ['a broken body', { code: 'BROKEN_BODY', host: 'h.example' }, 'AKV-NETWORK', /instead of Azure, or cuts off/],
    [
      'a page instead of a refusal',
      { code: 'FOREIGN_ANSWER', host: 'h.example' },
      'AKV-INTERCEPTED',
      /something other than Azure/,
    ],
    [
      'a proxy that wants a password',
      { code: 'PROXY_AUTHENTICATION', host: 'h.example' },
      'AKV-PROXY',
      /--proxypassword/,
    ],
    ['a proxy that refuses', { code: 'PROXY_REFUSED', host: 'h.example' }, 'AKV-PROXY', /no vault 'contoso-kv'/],
    ['a private authority', { code: 'SELF_SIGNED_CERT_IN_CHAIN', host: 'h.example' }, 'AKV-TLS', /--sslcacert/],
    [
      'a root that Node lacks',
      { code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', host: 'h.example' },
      'AKV-TLS',
      /does not have the root certificate[^]*NODE_USE_SYSTEM_CA to 1/,
    ],
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
      /Too many requests from one identity/,
    ],
    ['HTTP 408', { statusCode: 408, host: 'h.example' }, 'AKV-SERVICE', /HTTP 408/],
    ['HTTP 425', { statusCode: 425, host: 'h.example' }, 'AKV-SERVICE', /HTTP 425/],
    ['HTTP 500', { statusCode: 500, host: 'h.example' }, 'AKV-SERVICE', /HTTP 500/],
    ['HTTP 501', { statusCode: 501, host: 'h.example' }, 'AKV-SERVICE', /HTTP 501/],
  ];
  for (const [what, members, code, text] of network) {
    it(`recognizes ${what}`, () => {
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
    assert.match(messageOf(error), /Retry-After header \(86400\) is longer than the time that is left/);
  });

  it('says of a managed identity whether the machine has none or not this one', () => {
    const given: FailureContext = { isManagedSignIn: true, clientId: application };
    const absent = Object.assign(new Error('no answer'), { code: 'ATTEMPT_TIMEOUT', host: '169.254.169.254' });
    assert.match(
      messageOf(absent, given),
      /^AKV-MANAGED-IDENTITY: .*169\.254\.169\.254[^]*does not run on an Azure machine/,
    );
    const unknown = refusedByMachine('Identity not found');
    assert.match(
      messageOf(unknown, given),
      /HTTP 400\)[^]*not assigned to it[^]*--identities[^]*Azure said: HTTP 400: Identity not found/,
    );
  });

  it('says of a machine with several managed identities that the connection has to name one', () => {
    const several = refusedByMachine(
      'Multiple user assigned identities exist, please specify the clientId / resourceId of the identity in the token request',
    );
    const message = messageOf(several, { isManagedSignIn: true });
    assert.match(
      message,
      /^AKV-MANAGED-IDENTITY: [^]*Several managed identities[^]*Name the identity by its client ID/,
    );
    assert.doesNotMatch(message, /not assigned to it/);
  });

  it('does not change an error that has a diagnosis', () => {
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
    it(`keeps the message of an unknown error: ${what}`, () => {
      const { diagnosis, cause } = explain(thrown);
      assert.equal(diagnosis.code, 'AKV-UNEXPECTED');
      assert.match(diagnosis.remedy.join(), /System\.Debug/);
      assert.equal(cause, thrown);
    });
  }
});
