import { environmentName } from '../../shared/environment-name';

/**
 * The read-only variables of microsoft/azure-pipelines-agent (Constants.cs, `ReadOnlyVariables`) and its knobs
 * (AgentKnobs.cs) have these prefixes, except for {@link reserved}. `ENDPOINT_` to `SECUREFILE_` are what the agent
 * passes to tasks in addition to variables.
 */
const reservedPrefixes = [
  'AGENT_',
  'BUILD_',
  'SYSTEM_',
  'RELEASE_',
  'PIPELINE_',
  'TASK_',
  'COMMON_',
  'MAINTENANCE_',
  'DISTRIBUTEDTASK_',
  'VSTS',
  'VSO_',
  'AZP_',
  'ENDPOINT_',
  'INPUT_',
  'SECRET_',
  'SECUREFILE_',
];

const reserved = new Set([
  'PATH',
  'TF_BUILD',
  'NODE_OPTIONS',
  // Knobs of the agent that are read from variables, secret or not.
  'ADD_FORCE_CREDENTIALS_TO_GIT_CHECKOUT',
  'ADD_FORCE_CREDENTIALS_TO_GIT_CHECKOUT_ENHANCED',
  'ALLOW_TFVC_UNSHELVE_ERRORS',
  'COMMAND_CORRELATION_ID',
  'DECODE_PERCENTS',
  'DISABLE_AUTHENTICODE_VALIDATION',
  'DISABLE_BUILD_ARTIFACTS_TO_BLOB',
  'DISABLE_HASH_VALIDATION',
  'DISABLE_INPUT_TRIMMING',
  'DISABLE_JAVA_CAPABILITY_HIGHER_THAN_9',
  'DISABLE_NODE6_DEPRECATION_WARNING',
  'DISABLE_OVERRIDE_TFVC_BUILD_DIRECTORY',
  'DISABLE_RESOURCE_UTILIZATION_WARNINGS',
  'DISABLE_TEE_PLUGIN_REMOVAL',
  'ENABLE_FCS_ITEM_PATH_FIX',
  'ENABLE_ISSUE_SOURCE_VALIDATION',
  'ENABLE_VS_PRERELEASE_VERSIONS',
  'ENABLEINCOMPATIBLEBUILDARTIFACTSPATHRESOLUTION',
  'FAIL_JOB_WHEN_AGENT_DIES',
  'FIX_POSSIBLE_GIT_OUT_OF_MEMORY_PROBLEM',
  'OVERRIDE_PIPELINE_ARTIFACT_CHUNKSIZE',
  'PROCESS_SIGINT_TIMEOUT',
  'PROCESS_SIGTERM_TIMEOUT',
  'ROSETTA2_WARNING',
  'RSAKEYGETCONFIGFROMFF',
  'SEND_BUILD_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
  'SEND_BUILD_ARTIFACT_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
  'SEND_PIPELINE_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
  'SEND_PIPELINE_ARTIFACT_ARTIFACTS_TO_BLOBSTORE_DOMAIN',
  'SEND_PIPELINE_CACHE_TO_BLOBSTORE_DOMAIN',
  'STORE_AGENT_KEY_IN_CSP_CONTAINER',
  'TEE_PLUGIN_DOWNLOAD_RETRY_COUNT',
  'USE_GIT_2_39_4',
  'USE_GIT_2_42_0_2',
  'USE_GIT_LONG_PATHS',
  'USE_GIT_SINGLE_THREAD',
  'USE_GRACEFUL_PROCESS_SHUTDOWN',
  'WORKER_DIAGLOGPATH',
]);

/** Whether the agent, or every program that it starts, uses this name. Such a name is refused for all results. */
export function isReserved(name: string): boolean {
  const form = environmentName(name);
  return reserved.has(form) || reservedPrefixes.some((prefix) => form.startsWith(prefix));
}
