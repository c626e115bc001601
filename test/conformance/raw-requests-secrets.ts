import type { Pattern } from './pattern';
import { vaultError, vaultVersion, type RawRequest } from './raw-request';

const id = (path: string): RegExp => new RegExp(`^https://contoso-kv\\.vault\\.azure\\.net/secrets/${path}$`);
const digits = '[0-9a-f]{32}';
const item: Pattern = {
  id: /^https:\/\/contoso-kv\.vault\.azure\.net\/secrets\/[\w-]+$/,
  attributes: { enabled: /./ },
  value: undefined,
};
/** GET of one secret (Key Vault REST API, "Get Secret"). */
export const secretReading: readonly RawRequest[] = [
  {
    title: 'the current version of a secret',
    url: `vault:/secrets/Plain?${vaultVersion}`,
    expect: {
      status: 200,
      headers: { 'content-type': /^application\/json; charset=utf-8$/, 'x-ms-request-id': /./ },
      body: {
        value: 'not-a-real-value-1',
        id: id(`Plain/${digits}`),
        contentType: 'text/plain',
        tags: { env: 'prod' },
        attributes: {
          enabled: true,
          created: /^\d{10}$/,
          updated: /^\d{10}$/,
          recoveryLevel: 'Recoverable+Purgeable',
          recoverableDays: 90,
        },
      },
    },
  },
  {
    title: 'an answer says which front end gave it, and whom that saw',
    url: `vault:/secrets/Plain?${vaultVersion}`,
    expect: {
      status: 200,
      headers: {
        'x-ms-keyvault-region': /./,
        'x-ms-keyvault-service-version': /^\d+(\.\d+)+$/,
        'x-ms-keyvault-network-info': /^conn_type=Ipv4;addr=[\d.]+;act_addr_fam=InterNetwork;$/,
        'x-content-type-options': /^nosniff$/,
      },
    },
  },
  {
    title: 'the path of a secret may end with a slash',
    url: `vault:/secrets/Plain/?${vaultVersion}`,
    expect: { status: 200 },
  },
  {
    title: 'a secret without tags',
    url: `vault:/secrets/twice?${vaultVersion}`,
    expect: { status: 200, body: { tags: undefined, contentType: undefined } },
  },
  {
    title: 'the name of a secret in another case',
    url: `vault:/secrets/pLAIN?${vaultVersion}`,
    expect: { status: 200, body: { id: id(`Plain/${digits}`) } },
  },
  {
    title: 'an old version',
    url: `vault:/secrets/twice/{first}?${vaultVersion}`,
    expect: { status: 200, body: { value: 'not-a-real-value-2', id: id('twice/{first}') } },
  },
  {
    title: 'the newest of two versions',
    url: `vault:/secrets/twice?${vaultVersion}`,
    expect: { status: 200, body: { value: 'not-a-real-value-3', id: id('twice/{second}') } },
  },
  {
    title: 'no previous version of a secret that is no certificate',
    url: 'vault:/secrets/twice?api-version=2025-07-01',
    expect: { status: 200, body: { value: 'not-a-real-value-3', previousVersion: undefined } },
  },
  {
    title: 'a secret that is no certificate stays as it is when asked for as PEM',
    url: 'vault:/secrets/Plain?api-version=2025-07-01&outContentType=application/x-pem-file',
    expect: { status: 200, body: { value: 'not-a-real-value-1', contentType: 'text/plain' } },
  },
  {
    title: 'an unknown format is refused',
    url: 'vault:/secrets/Plain?api-version=2025-07-01&outContentType=image/png',
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a secret that is not there',
    url: `vault:/secrets/never?${vaultVersion}`,
    expect: { status: 404, body: vaultError('SecretNotFound') },
  },
  {
    title: 'a version that is not there',
    url: `vault:/secrets/twice/${'0'.repeat(32)}?${vaultVersion}`,
    expect: { status: 404, body: vaultError('SecretNotFound') },
  },
  {
    title: 'a deleted secret',
    url: `vault:/secrets/gone?${vaultVersion}`,
    expect: { status: 404, body: vaultError('SecretNotFound') },
  },
  {
    title: 'a disabled secret',
    url: `vault:/secrets/off?${vaultVersion}`,
    expect: {
      status: 403,
      body: {
        error: {
          code: 'Forbidden',
          message: 'Operation get is not allowed on a disabled secret.',
          innererror: { code: 'SecretDisabled' },
        },
      },
    },
  },
  {
    title: 'a secret after its expiry',
    url: `vault:/secrets/old?${vaultVersion}`,
    expect: { status: 200, body: { attributes: { exp: /^\d{10}$/ } } },
  },
  {
    title: 'a secret before its time',
    url: `vault:/secrets/young?${vaultVersion}`,
    expect: { status: 200, body: { attributes: { nbf: /^\d{10}$/ } } },
  },
];

/** Listings (Key Vault REST API, "Get Secrets", "Get Secret Versions"). */
export const secretListing: readonly RawRequest[] = [
  {
    title: 'a listing has disabled secrets, no deleted ones, and no values',
    url: `vault:/secrets?${vaultVersion}`,
    expect: { status: 200, body: { value: [item, item, item, item, item], nextLink: null } },
  },
  {
    title: 'a page of two, and a link to the next',
    url: `vault:/secrets?${vaultVersion}&maxresults=2`,
    expect: {
      status: 200,
      body: {
        value: [item, item],
        nextLink: /^https:\/\/contoso-kv\.vault\.azure\.net(:443)?\/secrets\?.*\$skiptoken=/,
      },
    },
  },
  {
    title: 'a page larger than 25',
    url: `vault:/secrets?${vaultVersion}&maxresults=26`,
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'a page of none',
    url: `vault:/secrets?${vaultVersion}&maxresults=0`,
    expect: { status: 400, body: vaultError('BadParameter') },
  },
  {
    title: 'the versions of a secret, without values',
    url: `vault:/secrets/twice/versions?${vaultVersion}`,
    expect: {
      status: 200,
      body: {
        value: Array.from({ length: 2 }, () => ({ id: id(`twice/${digits}`), value: undefined })),
        nextLink: null,
      },
    },
  },
  {
    title: 'the versions of a secret that is not there',
    url: `vault:/secrets/never/versions?${vaultVersion}`,
    expect: { status: 200, body: { value: [], nextLink: null } },
  },
];
