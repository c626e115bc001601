import { createHttpHeaders } from '@azure/core-rest-pipeline';
import { explain } from '../../../../tasks/shared/errors/explain';
import type { FailureContext } from '../../../../tasks/shared/errors/explanation';
import { answerError } from '../../../../tasks/shared/errors/fault';
import type { Denial } from '../../../fixtures/denials';

export const application = '55555555-5555-4555-8555-555555555555';
export const context: FailureContext = { vault: 'contoso-kv', clientId: application };

/** The error that the tasks see of a denial. */
export function denied({ status, host, code, innerCode, message }: Omit<Denial, 'title' | 'expected'>): Error {
  const innererror = innerCode === undefined ? {} : { innererror: { code: innerCode } };
  return answerError({
    status,
    request: { url: `https://${host}/secrets` },
    headers: createHttpHeaders({ 'x-ms-request-id': 'request-1' }),
    bodyAsText: JSON.stringify({ error: { code, message, ...innererror } }),
  });
}

/** What the user reads of an error. */
export function messageOf(error: unknown, given: FailureContext = context): string {
  return explain(error, given).message;
}
