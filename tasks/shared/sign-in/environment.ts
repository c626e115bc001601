import { environmentName } from '../environment-name';

/** A process's environment. */
export type Environment = Record<string, string | undefined>;

/**
 * Variables that make the SDK send a client secret or an assertion to a host of the variable's choice
 * (`AZURE_REGIONAL_AUTHORITY_NAME`, `MSAL_FORCE_REGION`), or that change which identity is used (Azure/azure-sdk-for-js,
 * @azure/identity; AzureAD/microsoft-authentication-library-for-js, msal-node). None is of use to a service connection.
 */
const misleading = [
  'AZURE_REGIONAL_AUTHORITY_NAME',
  'MSAL_FORCE_REGION',
  'REGION_NAME',
  'AZURE_AUTHORITY_HOST',
  'AZURE_IDENTITY_DISABLE_MULTITENANTAUTH',
  'AZURE_POD_IDENTITY_AUTHORITY_HOST',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_FEDERATED_TOKEN_FILE',
];

/** Where a machine says that its managed identity is to be asked for (App Service, Container Instances, Azure Arc). */
const ofTheMachine = [
  'IDENTITY_ENDPOINT',
  'IDENTITY_HEADER',
  'IDENTITY_SERVER_THUMBPRINT',
  'IMDS_ENDPOINT',
  'MSI_ENDPOINT',
  'MSI_SECRET',
];

/**
 * Removes from the environment what could lead a credential astray. Pipeline variables become environment variables, so
 * any earlier step of the job can set them: what is the machine's to say is removed when a pipeline variable says it.
 *
 * @param pipelineVariables names of the job's variables, as the agent lists them.
 */
export function guardEnvironment(environment: Environment, pipelineVariables: readonly string[]): void {
  const set = new Set(pipelineVariables.map(environmentName));
  const unwanted = new Set([...misleading, ...ofTheMachine.filter((name) => set.has(name))]);
  for (const name of Object.keys(environment)) {
    // Windows finds a variable whatever the case of its name.
    if (unwanted.has(name.toUpperCase())) {
      // eslint-disable-next-line @typescript-eslint/no-dynamic-delete -- an environment is edited by key
      delete environment[name];
    }
  }
}
