/** How an application authenticates to the token service: secret, certificate or federated assertion. */
import { X509Certificate } from 'node:crypto';

import { refuseToken } from './errors';
import type { TokenRequestContext } from './errors';
import { claimNumber, claimText, isSignedBy, parseToken } from './token';
import type { Token } from './token';
import type { Application, FederatedCredential, Tenant, World } from '../world';

type Form = Readonly<Record<string, string>>;

/** @throws Refused with the token service's code unless the form authenticates the application. */
export function authenticateApplication(
  world: World,
  tenant: Tenant,
  application: Application,
  form: Form,
  context: TokenRequestContext,
): void {
  const { client_secret: secret, client_assertion: assertion } = form;
  if (secret !== undefined) {
    checkSecret(application, secret, context);
    return;
  }
  if (assertion === undefined) {
    const wanted = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.";
    throw refuseToken(context, 7000216, wanted);
  }
  const token = parseToken(assertion);
  if (token === undefined) throw refuseToken(context, 50027, 'JWT token is invalid or malformed.');
  const own = claimText(token.claims, 'iss') === application.clientId;
  if (own) checkCertificate(tenant, application, token, context);
  else checkFederation(world, application, token, context);
}

function checkSecret({ secrets, clientId }: Application, value: string, context: TokenRequestContext): void {
  const secret = secrets.find((each) => each.value === value);
  if (secret === undefined) {
    const hint = 'Ensure the secret being sent in the request is the client secret value, not the client secret ID,';
    throw refuseToken(
      context,
      7000215,
      `Invalid client secret provided. ${hint} for a secret added to app '${clientId}'.`,
    );
  }
  if (secret.expires !== undefined && secret.expires <= context.ports.now()) {
    const hint = 'Visit the Azure portal to create new keys for your app: https://aka.ms/NewClientSecret.';
    throw refuseToken(context, 7000222, `The provided client secret keys for app '${clientId}' are expired. ${hint}`);
  }
}

/** Microsoft Learn, "Microsoft identity platform application authentication certificate credentials". */
function checkCertificate(tenant: Tenant, application: Application, token: Token, context: TokenRequestContext): void {
  const named = claimText(token.header, 'x5t#S256') || claimText(token.header, 'x5t');
  // MSAL for Python pads it (AzureAD/microsoft-authentication-library-for-python assertion.py), contrary to RFC 7515.
  const thumbprint = named.replace(/=+$/, '');
  const certificates = application.certificates.map((pem) => new X509Certificate(pem));
  const certificate = certificates.find((each) => thumbprintsOf(each).includes(thumbprint));
  if (certificate === undefined) {
    const reason = `Reason - The key was not found., Thumbprint of key used by client: '${thumbprint}'`;
    const what = 'The certificate with identifier used to sign the client assertion is not registered on application.';
    throw refuseToken(context, 700027, `${what} [${reason}]`);
  }
  if (!isSignedBy(token, certificate.publicKey)) {
    const reason = 'Reason - The key was found, but use of the key to verify the signature failed.';
    throw refuseToken(context, 700027, `Client assertion failed signature validation. [${reason}]`);
  }
  if (Date.parse(certificate.validTo) <= context.ports.now()) {
    const reason = `Reason - The key used is expired., Thumbprint of key used by client: '${thumbprint}'`;
    throw refuseToken(context, 700027, `Client assertion contains an invalid signature. [${reason}]`);
  }
  checkTime(token, context);
  const path = new URL(claimText(token.claims, 'aud') || 'about:blank').pathname.toLowerCase();
  if (![tenant.id, tenant.domain].some((name) => path.startsWith(`/${name}/`))) {
    throw refuseToken(
      context,
      50027,
      `JWT token is invalid or malformed. Audience '${claimText(token.claims, 'aud')}'.`,
    );
  }
}

/** Microsoft Learn, "Workload identity federation": issuer, subject and audience must match, including case. */
function checkFederation(world: World, application: Application, token: Token, context: TokenRequestContext): void {
  const presented = {
    issuer: claimText(token.claims, 'iss'),
    subject: claimText(token.claims, 'sub'),
    audience: claimText(token.claims, 'aud'),
  };
  const mismatch = findMismatch(application.federatedCredentials, presented);
  if (mismatch !== undefined) throw refuseToken(context, ...mismatch);
  if (!isSignedBy(token, world.federationKey.publicKey)) {
    const reason = "Reason - The key was not found in the issuer's key set.";
    throw refuseToken(context, 700027, `Client assertion failed signature validation. [${reason}]`);
  }
  checkTime(token, context);
}

function findMismatch(
  credentials: readonly FederatedCredential[],
  presented: FederatedCredential,
): [number, string] | undefined {
  const what = 'No matching federated identity record found for presented assertion';
  const hint =
    'Check your federated identity credential Subject, Audience and Issuer against the presented assertion. https://learn.microsoft.com/entra/workload-id/workload-identity-federation';
  const { issuer, subject, audience } = presented;
  if (credentials.length === 0) {
    return [
      70021,
      `${what}. Assertion Issuer: '${issuer}'. Assertion Subject: '${subject}'. Assertion Audience: '${audience}'. ${hint}`,
    ];
  }
  const ofIssuer = credentials.filter((each) => each.issuer === issuer);
  if (ofIssuer.length === 0) return [700211, `${what} issuer '${issuer}'. ${hint}`];
  const ofSubject = ofIssuer.filter((each) => each.subject === subject);
  if (ofSubject.some((each) => each.audience === audience)) return undefined;
  if (ofSubject.length > 0) return [700212, `${what} audience '${audience}'. ${hint}`];
  const differsInCase = ofIssuer.some((each) => each.subject.toLowerCase() === subject.toLowerCase());
  if (!differsInCase) return [700213, `${what} subject '${subject}'. ${hint}`];
  return [
    7002138,
    `${what} subject '${subject}'. The subject matches with case-insensitive comparison, but not with case-sensitive comparison. ${hint}`,
  ];
}

function checkTime({ claims }: Token, context: TokenRequestContext): void {
  const now = context.ports.now();
  const [from, until] = [claimNumber(claims, 'nbf') * 1000, claimNumber(claims, 'exp') * 1000];
  const skew = 5 * 60 * 1000;
  if (now < until && !(now + skew < from)) return;
  const times = [now, from, until].map((time) => (Number.isFinite(time) ? new Date(time).toISOString() : 'absent'));
  const what = 'Client assertion is not within its valid time range.';
  const range = `Current time: ${times[0] ?? ''}, assertion valid from ${times[1] ?? ''}, expiry time of assertion ${times[2] ?? ''}.`;
  throw refuseToken(
    context,
    700024,
    `${what} ${range} Review the documentation at https://learn.microsoft.com/entra/identity-platform/certificate-credentials .`,
  );
}

function thumbprintsOf(certificate: X509Certificate): string[] {
  return [certificate.fingerprint256, certificate.fingerprint].map((fingerprint) =>
    Buffer.from(fingerprint.replaceAll(':', ''), 'hex').toString('base64url'),
  );
}
