import { createHmac } from 'node:crypto';
import { mayBeOverwritten, readExactly } from './environment';
import type { JobKey } from '../ports';

const tokenName = 'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN';

/**
 * The key is the job's own access token. The agent receives it with the job and passes it to every phase of every task.
 * Logging commands cannot set it (microsoft/azure-pipelines-agent, TaskCommandExtension.cs: `setendpoint` refuses the
 * system connection).
 */
export function readJobKey(): JobKey {
  return createJobKey(readExactly(tokenName), mayBeOverwritten(tokenName));
}

/** The key from an access token that an earlier step may have replaced. */
export function createJobKey(token: string, mayBeReplaced: boolean): JobKey {
  return {
    isGenuine: token !== '' && !mayBeReplaced,
    digest: (...texts) => createHmac('sha256', token).update(JSON.stringify(texts)).digest('hex'),
  };
}
