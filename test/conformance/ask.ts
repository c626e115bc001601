import type { Reply } from '../../simulation/azure/http/tunnel-client';
import { compare, fill, fillText } from './pattern';
import type { RawRequest } from './raw-request';
import type { RawSite } from './raw-site';

const origins: Readonly<Record<string, string>> = {
  vault: 'https://contoso-kv.vault.azure.net',
  arm: 'https://management.azure.com',
  login: 'https://login.microsoftonline.com',
};

/** Sends a request to a site. Returns the deviations of its answer from what Azure publishes, one sentence each. */
export async function ask(site: RawSite, request: RawRequest): Promise<string[]> {
  const names = namesOf(site);
  const { method = 'GET', url, authorization = 'valid', json, form, expect } = request;
  const [, service = '', path = ''] = /^(\w+):(.*)$/.exec(url) ?? [];
  const filled = Object.entries(form ?? {}).map(([name, value]) => [name, fillText(value, names)] as const);
  const reply = await site.send(`${origins[service] ?? ''}${fillText(path, names)}`, {
    method,
    headers: site.authorizations[authorization],
    ...(json === undefined ? {} : { json }),
    ...(form === undefined ? {} : { form: Object.fromEntries(filled) }),
  });
  return compareReply(reply, expect, names);
}

function compareReply(
  reply: Reply,
  { status, headers = {}, body }: RawRequest['expect'],
  names: Readonly<Record<string, string>>,
): string[] {
  // The rest would only repeat the same.
  if (reply.status !== status) return [`status ${reply.status}, not ${status}`];
  return [
    ...Object.entries(headers).flatMap(([name, pattern]) => compare(fill(pattern, names), reply.headers[name], name)),
    ...(body === undefined ? [] : compare(fill(body, names), reply.json, 'body')),
  ];
}

function namesOf({ contoso, versions }: RawSite): Record<string, string> {
  const vault = new URL(contoso.vaultUrl).pathname;
  return {
    tenant: contoso.tenant.id,
    subscription: contoso.subscription.id,
    vault,
    group: vault.replace(/\/providers\/.*/, ''),
    client: contoso.application.clientId,
    secret: contoso.clientSecret,
    first: versions[0],
    second: versions[1],
  };
}
