/** What the tasks need to know of the job they run in. Texts are `''` when the agent did not give them. */
export interface Job {
  /** Name of the organization or collection, project and run, for the `User-Agent` header of every request. */
  readonly organization: string;
  readonly project: string;
  readonly buildId: string;
  /** Folder that the agent empties at the end of the job. */
  readonly tempFolder: string;
  /** Identifies the step within the run; the same in all its phases. */
  readonly stepId: string;
  readonly oidc: OidcFacts;
}

/** What it takes to ask Azure DevOps for the assertion of a federated service connection. */
export interface OidcFacts {
  /** `System.OidcRequestUri`. An earlier step can overwrite it, so it is only used after a check of its host. */
  readonly requestUri: string;
  /** `System.CollectionUri` or what older servers call it; can be overwritten as well. */
  readonly collectionUri: string;
  /** The agent's own connection to the server; no step can change it. */
  readonly serverUrl: string;
  readonly accessToken: string;
  readonly projectId: string;
  /** `build`, `release` or `deployment`. */
  readonly hub: string;
  readonly planId: string;
  readonly jobId: string;
}
