import type { HttpClient } from '@azure/core-rest-pipeline';
import type { FindMissing } from './response-shape';
import { DiagnosedError } from '../errors/diagnosis';
import { jsonOf } from '../errors/fault';
import { answerMessages } from '../messages/answer';

/**
 * The same client, which does not accept a success whose JSON is not what Azure documents. The SDK's clients would fail
 * on such an answer with internal messages, and a vault without properties would look like one that allows all
 * networks.
 *
 * @throws from `sendRequest`: DiagnosedError AKV-UNEXPECTED-ANSWER, which does not quote the answer: it can contain a
 * secret.
 */
export function withShapeCheck(client: HttpClient, findMissing: FindMissing): HttpClient {
  return {
    async sendRequest(request) {
      const response = await client.sendRequest(request);
      const { host, pathname } = new URL(request.url);
      const isDone = response.status === 200 || response.status === 201;
      const missing = isDone ? findMissing(pathname, jsonOf(response)) : undefined;
      if (missing !== undefined) {
        throw unexpectedAnswer(host, response.status, missing, response.headers.get('x-ms-request-id'));
      }
      return response;
    },
  };
}

function unexpectedAnswer(host: string, status: number, missing: string, requestId: string | undefined) {
  return new DiagnosedError({
    code: 'AKV-UNEXPECTED-ANSWER',
    ...answerMessages.unexpected(host, status, missing),
    ...(requestId === undefined ? {} : { requestId }),
  });
}
