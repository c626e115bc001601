import type { Diagnosis } from './diagnosis';
import type { Explanation, FailureContext } from './explanation';

const edit = 'Project settings > Service connections > (this one) > Edit';
const renewSecret = `${edit}: enter a new secret, or convert it to workload identity federation.`;

const badClock: Omit<Diagnosis, 'summary'> = {
  code: 'AKV-CLOCK',
  cause:
    'What the connection signs in with is good for ten minutes: the clock of this agent or of the server is wrong.',
  remedy: ["Check the agent's clock and its time zone: date -u"],
};
const badCertificate: Omit<Diagnosis, 'summary'> = {
  code: 'AKV-AUTH-CERTIFICATE',
  cause: "The service connection's certificate is not (or no longer) one of the application's, or it has expired.",
  remedy: [
    "Compare it with the app registration's certificates: az ad app credential list --cert --id <application id>",
    `${edit}: enter the current certificate with its key, or convert it to workload identity federation.`,
  ],
};

/** Advice by the number of Microsoft Entra's error (learn.microsoft.com, "Microsoft Entra authentication error codes"). */
const byNumber: Readonly<Record<string, Omit<Diagnosis, 'summary'>>> = {
  '7000215': {
    code: 'AKV-AUTH-SECRET',
    cause: "The service connection's client secret is wrong.",
    remedy: [renewSecret],
  },
  '7000222': {
    code: 'AKV-AUTH-SECRET',
    cause: "The service connection's client secret has expired.",
    remedy: [renewSecret],
  },
  '7000112': {
    code: 'AKV-AUTH-IDENTITY',
    cause: 'The application is disabled in its tenant.',
    remedy: ['Enable it: Microsoft Entra ID > Enterprise applications > (the application) > Properties.'],
  },
  '700016': {
    code: 'AKV-AUTH-IDENTITY',
    cause: "The application of the service connection does not exist in the connection's tenant.",
    remedy: ['Check application and tenant id of the service connection; the app registration may have been deleted.'],
  },
  '90002': {
    code: 'AKV-AUTH-IDENTITY',
    cause: "The service connection's tenant does not exist in this cloud.",
    remedy: ['Check the tenant id and the environment (cloud) of the service connection.'],
  },
  '700024': badClock,
  '700027': badCertificate,
  '50027': badCertificate,
};
const mismatchNumbers = new Set(['70021', '700211', '700212', '700213', '7002138']);

/** Refusals of Microsoft Entra ID, recognised by their AADSTS number wherever the SDK put it. */
export const explainSignIn: Explanation = (fault, context) => {
  const foreignTenant = /not configured to acquire tokens for tenant "?([0-9a-z.-]+?)"?\.? /i.exec(fault.message)?.[1];
  if (foreignTenant !== undefined) {
    return otherTenant(foreignTenant, context);
  }
  const number = /AADSTS(\d+)/.exec(fault.message)?.[1];
  if (number === undefined) {
    return undefined;
  }
  const sentence =
    /AADSTS\d+:\s*([^\r\n]*?)(?=\s*(?:Trace ID|Correlation ID|Timestamp|$))/m.exec(fault.message)?.[1] ?? '';
  const who = context.clientId === undefined ? "the service connection's identity" : `application ${context.clientId}`;
  const summary = `Microsoft Entra ID refused to sign in ${who}: AADSTS${number} ${sentence}`.trim();
  if (mismatchNumbers.has(number)) {
    return { ...mismatch(context), summary };
  }
  const unknown = {
    code: 'AKV-AUTH',
    remedy: [`https://login.microsoftonline.com/error?code=${number} explains the number.`],
  };
  return { ...(byNumber[number] ?? unknown), summary };
};

function mismatch({ federation }: FailureContext): Omit<Diagnosis, 'summary'> {
  // Not the id itself: the agent takes it for a secret of the service connection and masks it.
  const where = 'az ad app federated-credential list --id <application id> shows what the application accepts. ';
  return {
    code: 'AKV-AUTH-FEDERATION',
    cause:
      'No federated credential of the application has exactly the issuer, subject and audience of this service connection (they are compared case-sensitively; renaming the connection or project changes the subject of older ones).',
    remedy:
      federation === undefined
        ? [`${where}Copy issuer and subject from ${edit} into it; the audience is api://AzureADTokenExchange.`]
        : [
            `${where}It needs one with`,
            `issuer:   ${federation.issuer}`,
            `subject:  ${federation.subject}`,
            `audience: ${federation.audience}`,
          ],
  };
}

function otherTenant(tenant: string, { vault, tenantId }: FailureContext): Diagnosis {
  return {
    code: 'AKV-TENANT',
    summary: `${vault === undefined ? 'The vault' : `'${vault}'`} trusts the Microsoft Entra tenant ${tenant} only, and the service connection's identity is of ${tenantId ?? 'another one'}.`,
    cause: 'The vault is the wrong one, or it (or its subscription) was moved to another tenant.',
    remedy: [`Use a service connection for an application of the tenant ${tenant}.`],
  };
}
