import { requireGenuine } from './endpoints';
import { readExactly, readVariable, tempFolder } from './environment';
import { phaseMessages } from '../messages/phase';

/** What the tasks need to know of the job they run in. Texts are `''` when the agent did not give them. */
export interface Job {
  /** Name of the organization or collection, project and run, for the `User-Agent` header of every request. */
  readonly organization: string;
  readonly project: string;
  readonly buildId: string;
  /** Identify the job in its organization. Any step's output can overwrite them, and the others above. */
  readonly planId: string;
  readonly jobId: string;
  /** Identifies the step within the run; the same in all its phases. */
  readonly stepId: string;
}

/** Where Azure DevOps gives the assertion of a federated service connection. */
export interface AssertionAddress {
  /** `System.OidcRequestUri`. Any step's output can overwrite it, and the others below. */
  readonly requestUri: string;
  /** `System.CollectionUri` or what older servers call it. */
  readonly collectionUri: string;
  readonly projectId: string;
  /** `build`, `release` or `deployment`. */
  readonly hub: string;
  readonly planId: string;
  readonly jobId: string;
  /** Of the agent's own connection to its server, which no step can change: the job's token goes to that server only. */
  readonly serverUrl: string;
}

/** What the agent says of the job that this step is part of. */
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

/** @throws DiagnosedError AKV-CONNECTION when a variable may have taken the place of the server's address. */
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
