import { createHash, randomBytes } from 'node:crypto';
import type { HttpClient } from '@azure/core-rest-pipeline';

/** The ids by which Azure's logs name the requests of a job. */
export interface RequestIds {
  /** What the ids of all requests of the job begin with, whichever step or phase sends them. */
  readonly prefix: string;
  /** An id that no other request of the job has. */
  next(): string;
}

/**
 * Ids made of what identifies the job: UUIDs of version 8 (RFC 9562 §5.8), because Key Vault's log has a column for a GUID.
 * After the hash come digits of this process alone, and a counter. Output of other steps may have replaced the variables
 * that identify the job, so nothing but their hash is sent.
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

/** The same client, whose requests have such ids. Another attempt of a request has the same one, as with the SDK. */
export function withRequestIds(client: HttpClient, ids: RequestIds): HttpClient {
  return {
    sendRequest(request) {
      request.headers.set('x-ms-client-request-id', ids.next());
      return client.sendRequest(request);
    },
  };
}
