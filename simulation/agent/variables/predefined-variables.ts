import { arch } from 'node:os';
import { dirname, join } from 'node:path';
import type { Directories } from '../process/directories';
import type { Job, JobVariable } from '../job';
import type { RunOptions } from '../run-options';

/** The variables that the server and the agent set before the first step. */
export function predefinedVariables(job: Job, options: RunOptions, directories: Directories): JobVariable[] {
  const hostType = options.hostType ?? 'build';
  const variables = {
    ...agentVariables(job, options, directories),
    ...systemVariables(job, options, directories),
    ...(hostType === 'build' ? buildVariables(directories) : releaseVariables(directories)),
  };
  return [
    ...Object.entries(variables).map(([name, value]) => ({ name, value, secret: false })),
    { name: 'system.accessToken', value: options.systemConnection.accessToken, secret: true },
  ];
}

const operatingSystems: Partial<Record<NodeJS.Platform, string>> = { win32: 'Windows_NT', darwin: 'Darwin' };

/** Source: microsoft/azure-pipelines-agent JobRunner.cs and JobExtension.cs. */
function agentVariables(job: Job, options: RunOptions, directories: Directories): Record<string, string> {
  return {
    'agent.id': '1',
    'agent.name': 'local-agent',
    'agent.machinename': 'local-agent',
    'agent.jobname': job.displayName,
    'agent.homedirectory': dirname(directories.work),
    'agent.RootDirectory': directories.work,
    'agent.workfolder': directories.work,
    'agent.ToolsDirectory': directories.tools,
    'agent.TempDirectory': directories.temp,
    'agent.BuildDirectory': directories.pipeline,
    'agent.cloudid': '',
    'agent.isselfhosted': '1',
    'agent.os': operatingSystems[process.platform] ?? 'Linux',
    'agent.osarchitecture': arch().toUpperCase(),
    'agent.version': options.agentVersion ?? '5.278.0',
    'agent.jobstatus': 'Succeeded',
    GIT_TERMINAL_PROMPT: '0',
    VSTS_PROCESS_LOOKUP_ID: `vsts_${crypto.randomUUID()}`,
  };
}

/** Invented but well-formed IDs, the same in every run, so that runs can be compared. */
const ids = {
  collection: 'c0000000-0000-4000-8000-000000000001',
  project: 'c0000000-0000-4000-8000-000000000002',
  plan: 'c0000000-0000-4000-8000-000000000003',
  job: 'c0000000-0000-4000-8000-000000000004',
};

function systemVariables(job: Job, options: RunOptions, directories: Directories): Record<string, string> {
  const collection = withSlash(options.systemConnection.url);
  const hub = options.hostType === 'release' || options.hostType === 'deployment' ? 'release' : 'build';
  return {
    'system.hosttype': options.hostType ?? 'build',
    'system.culture': 'en-US',
    'system.debug': 'false',
    'system.servertype': 'Hosted',
    'system.workfolder': directories.work,
    'system.DefaultWorkingDirectory': directories.default,
    ...projectVariables(collection),
    'system.definitionId': '1',
    'system.definitionName': 'local-pipeline',
    'system.planId': ids.plan,
    'system.jobId': ids.job,
    'system.jobName': job.name,
    'system.jobDisplayName': job.displayName,
    'system.jobAttempt': '1',
    'system.phaseName': job.name,
    'system.phaseDisplayName': job.displayName,
    'system.phaseAttempt': '1',
    'system.stageName': '__default',
    'system.stageDisplayName': '__default',
    'system.stageAttempt': '1',
    'system.enableAccessToken': 'SecretVariable',
    'system.oidcRequestUri': `${collection}${ids.project}/_apis/distributedtask/hubs/${hub}/plans/${ids.plan}/jobs/${ids.job}/oidctoken`,
  };
}

function projectVariables(collection: string): Record<string, string> {
  return {
    'system.collectionUri': collection,
    'system.TeamFoundationCollectionUri': collection,
    'system.TeamFoundationServerUri': collection,
    'system.TaskDefinitionsUri': collection,
    'system.collectionId': ids.collection,
    'system.teamProject': 'local-project',
    'system.teamProjectId': ids.project,
  };
}

function buildVariables(directories: Directories): Record<string, string> {
  return {
    'build.buildId': '1',
    'build.buildNumber': '20260102.1',
    'build.buildUri': 'vstfs:///Build/Build/1',
    'build.definitionName': 'local-pipeline',
    'build.reason': 'Manual',
    'build.requestedFor': 'A. User',
    'build.repository.name': 'local-repository',
    'build.repository.localpath': directories.default,
    'build.sourceBranch': 'refs/heads/main',
    'build.sourceBranchName': 'main',
    'build.sourceVersion': '0000000000000000000000000000000000000000',
    'build.sourcesDirectory': directories.default,
    'build.artifactStagingDirectory': join(directories.pipeline, 'a'),
    'build.stagingDirectory': join(directories.pipeline, 'a'),
    'build.binariesDirectory': join(directories.pipeline, 'b'),
    'common.testResultsDirectory': join(directories.pipeline, 'TestResults'),
    'pipeline.workspace': directories.pipeline,
  };
}

/** Source: microsoft/azure-pipelines-agent ReleaseJobExtension.cs. There is no Build.SourcesDirectory. */
function releaseVariables(directories: Directories): Record<string, string> {
  return {
    'system.artifactsDirectory': directories.default,
    'agent.releaseDirectory': directories.default,
    'release.releaseId': '1',
    'release.releaseName': 'Release-1',
    'release.definitionId': '1',
    'release.definitionName': 'local-release',
    'release.environmentName': 'Stage 1',
    'release.attemptNumber': '1',
  };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
