import type { Diagnosis } from './diagnosis';
import type { Explanation } from './explain';

const renewIt =
  'Project settings > Service connections > (this one) > Edit: enter a new secret, or convert it to workload identity federation.';

/** Advice by the number of Microsoft Entra's error (learn.microsoft.com, "Microsoft Entra authentication error codes"). */
const byNumber: Readonly<Record<string, Omit<Diagnosis, 'summary'>>> = {
  '7000215': { code: 'AKV-AUTH-SECRET', cause: "The service connection's client secret is wrong.", remedy: [renewIt] },
  '7000222': {
    code: 'AKV-AUTH-SECRET',
    cause: "The service connection's client secret has expired.",
    remedy: [renewIt],
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
  '700024': {
    code: 'AKV-AUTH-FEDERATION',
    cause: 'The assertion was outside its ten minutes of life: the clock of this agent or of the server is wrong.',
    remedy: ["Check the agent's clock."],
  },
};

const mismatch: Omit<Diagnosis, 'summary'> = {
  code: 'AKV-AUTH-FEDERATION',
  cause:
    'No federated credential of the application has exactly the issuer, subject and audience of this service connection (they are compared case-sensitively; renaming the connection or project changes the subject of older ones).',
  remedy: [
    "Copy issuer and subject from Project settings > Service connections > (this one) into the app registration's federated credential; the audience is api://AzureADTokenExchange.",
  ],
};
const mismatchNumbers = new Set(['70021', '700211', '700212', '700213', '7002138']);

/** Refusals of Microsoft Entra ID, recognised by their AADSTS number wherever the SDK put it. */
export const explainSignIn: Explanation = (fault, { clientId }) => {
  const number = /AADSTS(\d+)/.exec(fault.message)?.[1];
  if (number === undefined) {
    return undefined;
  }
  const known = mismatchNumbers.has(number) ? mismatch : byNumber[number];
  const sentence =
    /AADSTS\d+:\s*([^\r\n]*?)(?=\s*(?:Trace ID|Correlation ID|Timestamp|$))/m.exec(fault.message)?.[1] ?? '';
  const who = clientId === undefined ? "the service connection's identity" : `application ${clientId}`;
  const summary = `Microsoft Entra ID refused to sign in ${who}: AADSTS${number} ${sentence}`.trim();
  return known === undefined
    ? {
        code: 'AKV-AUTH',
        summary,
        remedy: [`https://login.microsoftonline.com/error?code=${number} explains the number.`],
      }
    : { ...known, summary };
};
