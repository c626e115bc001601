import { createHmac } from 'node:crypto';
import { mayBeOverwritten, readExactly } from './environment';
import type { JobKey } from '../ports';

const tokenName = 'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN';

/**
 * The key is the job's own access token. The agent gets it with the job and gives it to every phase of every task, and
 * no logging command can set it (microsoft/azure-pipelines-agent, TaskCommandExtension.cs: `setendpoint` refuses the
 * system connection).
 */
export function readJobKey(): JobKey {
  return createJobKey(readExactly(tokenName), mayBeOverwritten(tokenName));
}

/** The key made of an access token that an earlier step may have replaced, or not. */
export function createJobKey(token: string, mayBeReplaced: boolean): JobKey {
  return {
    isGenuine: token !== '' && !mayBeReplaced,
    digest: (...texts) => createHmac('sha256', token).update(JSON.stringify(texts)).digest('hex'),
  };
}
