import type { Diagnosis } from './diagnosis';
import type { ConnectionPlace, Explanation, FailureContext } from './explanation';

const edit = 'Project settings > Service connections > (this one) > Edit';
const renewSecret = `${edit}: enter a new secret, or convert it to workload identity federation.`;

const badClock: Omit<Diagnosis, 'summary'> = {
  code: 'AKV-CLOCK',
  cause: 'The sign-in assertion is valid for ten minutes: the clock of this agent or of the server is wrong.',
  remedy: ["Check the agent's clock and its time zone: date -u"],
};
const badCertificate: Omit<Diagnosis, 'summary'> = {
  code: 'AKV-AUTH-CERTIFICATE',
  cause: "The service connection's certificate is not, or no longer, registered on the application, or it has expired.",
  remedy: [
    "Compare it with the app registration's certificates: az ad app credential list --cert --id <application id>",
    `${edit}: enter the current certificate with its key, or convert it to workload identity federation.`,
  ],
};

/**
 * Advice by the number of Microsoft Entra's error (learn.microsoft.com, "Microsoft Entra authentication error codes").
 */
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

/** Refusals of Microsoft Entra ID, recognized by their AADSTS number, in any member where the SDK puts it. */
export const explainSignIn: Explanation = (fault, context) => {
  const foreignTenant = /not configured to acquire tokens for tenant "?([0-9a-z.-]+?)"?\.? /i.exec(fault.message)?.[1];
  if (foreignTenant !== undefined) {
    return otherTenant(foreignTenant, context);
  }
  const number = /AADSTS(\d+)/.exec(fault.message)?.[1];
  if (number === undefined) {
    return undefined;
  }
  // Not the application ID: the agent treats it as a secret of the service connection and masks it.
  const summary = `Microsoft Entra ID refused to sign in the service connection's application (AADSTS${number}).`;
  if (mismatchNumbers.has(number)) {
    return { ...mismatch(context), summary };
  }
  const unknown: Omit<Diagnosis, 'summary'> = {
    code: 'AKV-AUTH',
    remedy: [`For an explanation of the number: https://login.microsoftonline.com/error?code=${number}`],
  };
  return { ...(byNumber[number] ?? unknown), summary };
};

/** The agent masks issuer and subject in logs, so the advice names the page that shows them. */
function mismatch({ connection, federation }: FailureContext): Omit<Diagnosis, 'summary'> {
  const audience = federation?.audience ?? 'api://AzureADTokenExchange';
  return {
    code: 'AKV-AUTH-FEDERATION',
    cause:
      'No federated credential of the application has exactly the issuer, subject and audience of this service connection. They are compared case-sensitively, and renaming the connection or its project changes the subject of older connections.',
    remedy: [
      `Read issuer and subject of the service connection in Azure DevOps: ${connection === undefined ? edit : describePlace(connection, federation?.subject)}`,
      `Compare them with az ad app federated-credential list --id <application id>; the application needs one with both, and the audience ${audience}.`,
    ],
  };
}

/** The subject of older connections ends with the connection's name. */
function describePlace({ organization, project, url }: ConnectionPlace, subject = ''): string {
  const name = /^sc:\/\/[^/]+\/[^/]+\/(.+)$/.exec(subject)?.[1];
  return `organization ${organization}, project ${project}${name === undefined ? '' : `, connection ${name}`}: ${url}`;
}

function otherTenant(tenant: string, { vault, tenantId }: FailureContext): Diagnosis {
  return {
    code: 'AKV-TENANT',
    summary: `${vault === undefined ? 'The vault' : `'${vault}'`} belongs to the Microsoft Entra tenant ${tenant}, and the service connection's identity to ${tenantId ?? 'another one'}.`,
    cause: 'The vault is the wrong one, or it (or its subscription) was moved to another tenant.',
    remedy: [`Use a service connection with an application of the tenant ${tenant}.`],
  };
}
