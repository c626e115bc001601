/** Who signs in and how. */
export const identityMessages = {
  systemAssigned: "the machine's system-assigned managed identity",
  userAssigned: (clientId: string) => `the managed identity ${clientId}`,
  application: (clientId: string, tenantId: string, proof: string) =>
    `application ${clientId} of tenant ${tenantId} using ${proof}`,
  proofs: {
    secret: 'a client secret',
    certificate: 'a certificate',
    federated: 'workload identity federation',
  },
  requestIds: (prefix: string) => `Requests to Azure have client request IDs that begin with ${prefix}`,
  /** Placeholders in commands, which the user replaces. */
  applicationIdUnknown: '<application id>',
};

/** Why a service connection cannot be used, and how to fix it. */
export const connectionMessages = {
  unknownCloud: (cloud: string, known: readonly string[]) => ({
    summary: `The service connection is for the cloud '${cloud}', which this task does not support.`,
    remedy: [`Use a service connection for one of: ${known.join(', ')}.`],
  }),
  unknownScheme: (scheme: string) => ({
    summary: `The service connection has the authentication scheme '${scheme}', which does not work with Key Vault.`,
    remedy: [
      'Use an Azure Resource Manager service connection with workload identity federation (recommended), a service principal or a managed identity.',
    ],
  }),
  noCertificate: {
    summary: "The service connection's certificate is not PEM text with both a certificate and its private key.",
    remedy: [
      'Project settings > Service connections > (this one) > Edit: paste the content of a .pem file that has both.',
    ],
  },
  overwritten: (name: string) => ({
    summary: `A variable of this job is named ${name}, which is where the agent puts a service connection; it may have been replaced.`,
    cause: 'The output of an earlier step has set the variable (##vso[task.setvariable]).',
    remedy: [
      'Find the step that sets it; settableVariables of a step (target) keeps its output from setting variables.',
    ],
  }),
  parameterMissing: (name: string) => ({
    summary: `The service connection has no '${name}'.`,
    remedy: ['Open Project settings > Service connections, choose this connection, and save it again with "Verify".'],
  }),
};

/** Why Azure DevOps does not issue the token of a federated connection. */
export const assertionMessages = {
  refused: (host: string, status: number) =>
    `${host} answered HTTP ${status} to the request for the service connection's token.`,
  noAddress:
    "The agent did not say where to request the service connection's token (System.OidcRequestUri is missing or is not on the Azure DevOps server).",
  cause:
    'Azure DevOps issues the token of a federated service connection only while the job runs, and only to pipelines that are allowed to use the connection.',
  remedy: [
    'Project settings > Service connections > (this one) > Security: allow this pipeline to use it.',
    'On a self-hosted agent, use a current agent version (3.232.1 or newer).',
  ],
};
