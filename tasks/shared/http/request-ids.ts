import { createHash, randomBytes } from 'node:crypto';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** The IDs that identify a job's requests in Azure's logs. */
export interface RequestIds {
  /** The prefix of the IDs of all requests of the job, in all of its steps and phases. */
  readonly prefix: string;
  /** An ID that no other request of the job has. */
  next(): string;
}

/**
 * IDs computed from what identifies the job: UUIDs of version 8 (RFC 9562 §5.8), because Key Vault's log has a column
 * for a GUID. After the hash come digits of this process, and a counter. The output of other steps may have replaced
 * the variables that identify the job, so only their hash is sent.
 */
export function createRequestIds(job: readonly string[]): RequestIds {
  const hash = createHash('sha256').update(JSON.stringify(job)).digest('hex');
  const prefix = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(12, 15)}-8${hash.slice(15, 18)}-`;
  const own = randomBytes(3).toString('hex');
  let sent = 0;
  return {
    prefix,
    next() {
      sent += 1;
      return `${prefix}${own}${sent.toString(16).padStart(6, '0').slice(-6)}`;
    },
  };
}

/** The same client, whose requests have such IDs. A retried request keeps its ID, as in the SDK. */
export function withRequestIds(client: HttpClient, ids: RequestIds): HttpClient {
  return {
    sendRequest(request) {
      request.headers.set('x-ms-client-request-id', ids.next());
      return client.sendRequest(request);
    },
  };
}
