import { requireGenuine } from './endpoints';
import { readExactly, readVariable, tempFolder } from './environment';
import { phaseMessages } from '../messages/phase';

/** What the tasks need to know about their job. Texts are `''` if the agent did not provide them. */
export interface Job {
  /** Name of the organization or collection, project and run, for the `User-Agent` header of every request. */
  readonly organization: string;
  readonly project: string;
  readonly buildId: string;
  /** Identify the job in its organization. Any step's output can overwrite these and the ones above. */
  readonly planId: string;
  readonly jobId: string;
  /** Identifies the step within the run; the same in all of its phases. */
  readonly stepId: string;
}

/** Where Azure DevOps issues the assertion of a federated connection. */
export interface AssertionAddress {
  /** `System.OidcRequestUri`. Any step's output can overwrite this and the ones below. */
  readonly requestUri: string;
  /** `System.CollectionUri` or its name on older servers. */
  readonly collectionUri: string;
  readonly projectId: string;
  /** `build`, `release` or `deployment`. */
  readonly hub: string;
  readonly planId: string;
  readonly jobId: string;
  /**
   * From the agent's own connection to its server, which no step can change: the job's token is sent only to that
   * server.
   */
  readonly serverUrl: string;
}

/** What the agent reports about the job of this step. */
export function readJob(): Job {
  return {
    organization: readVariable('System.CollectionUri'),
    project: readVariable('System.TeamProject'),
    buildId: readVariable('Build.BuildId') || readVariable('Release.ReleaseId'),
    planId: readVariable('System.PlanId'),
    jobId: readVariable('System.JobId'),
    stepId: readVariable('System.TaskInstanceId'),
  };
}

/** @throws DiagnosedError AKV-CONNECTION if a variable may have replaced the server's address. */
export function readAssertionAddress(): AssertionAddress {
  const server = 'ENDPOINT_URL_SYSTEMVSSCONNECTION';
  requireGenuine(server);
  return {
    serverUrl: readExactly(server),
    requestUri: readVariable('System.OidcRequestUri'),
    collectionUri:
      readVariable('System.CollectionUri') ||
      readVariable('System.TeamFoundationCollectionUri') ||
      readVariable('System.TeamFoundationServerUri'),
    projectId: readVariable('System.TeamProjectId'),
    hub: readVariable('System.HostType'),
    planId: readVariable('System.PlanId'),
    jobId: readVariable('System.JobId'),
  };
}

/** The job's own access token. */
export function readAccessToken(): string {
  return readExactly('ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN');
}

/** The folder that the agent empties at the end of the job. */
export function requireTempFolder(): string {
  if (tempFolder === '') {
    throw new Error(phaseMessages.noAgent);
  }
  return tempFolder;
}
