import type { Answer, SimulatedRequest } from '../../simulation/azure/http/exchange';

type Json = Readonly<Record<string, unknown>>;

/**
 * Writes the secret behind a certificate as a vault does whose certificate has the policy `application/x-pem-file`: key
 * and certificate as PEM, marked as managed, with its key's id (Key Vault REST API, SecretBundle). The vault's server
 * issues real certificates but wraps them in JSON of its own, in base64, where the service has a PFX or PEM. Every other
 * answer stays as it is.
 */
export function writeAsPem({ method, path }: SimulatedRequest, answer: Answer): Answer {
  if (method !== 'GET' || !path.startsWith('/secrets') || answer.status !== 200) return answer;
  const body = JSON.parse(answer.body) as Json & { readonly value: string | readonly Json[] };
  if (typeof body.value !== 'string')
    return { ...answer, body: JSON.stringify({ ...body, value: body.value.map(mark) }) };
  if (!isCertificate(body)) return answer;
  const { key, cer } = JSON.parse(Buffer.from(body.value, 'base64').toString()) as Record<'key' | 'cer', string>;
  const value = armour('PRIVATE KEY', key) + armour('CERTIFICATE', cer);
  const kid = String(body.id).replace('/secrets/', '/keys/');
  return { ...answer, body: JSON.stringify({ ...mark(body), value, kid }) };
}

function isCertificate({ contentType }: Json): boolean {
  return contentType === 'application/x-pkcs12';
}

function mark(item: Json): Json {
  return isCertificate(item) ? { ...item, contentType: 'application/x-pem-file', managed: true } : item;
}

function armour(label: string, base64: string): string {
  const lines = base64.match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n');
}
