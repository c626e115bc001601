/**
 * The names a task must not overwrite, whoever set them: `Constants.Variables.ReadOnlyVariables` of
 * microsoft/azure-pipelines-agent Constants.cs.
 */
const namesByArea: Readonly<Record<string, string>> = {
  agent:
    'acceptteeeula builddirectory cloudid containerid containermapping containernetwork diagnostic ' +
    'gituseschannel homedirectory id isselfhosted jobname jobstatus machinename name os osarchitecture ' +
    'osversion usebasicauthforproxy proxybypasslist proxypassword proxyurl proxyusername ' +
    'readonlyvariables retaindefaultencoding rootdirectory runmode serveromdirectory services cainfo ' +
    'clientcert clientcertarchive clientcertkey clientcertpassword skipcertvalidation tempdirectory ' +
    'toolsdirectory version workfolder workingdirectory clean.builddirectory source.git.lfs ' +
    'source.git.shallowfetchdepth source.skip releasedirectory',
  '': 'fix_possible_git_out_of_memory_problem use_git_long_paths use_git_single_thread',
  build:
    'artifactstagingdirectory binariesdirectory clean definitionname gated.runci gated.shelvesetname ' +
    'buildnumber repository.clean repository.git.submodulecheckout repository.id repository.localpath ' +
    'repository.name repository.provider repository.tfvc.workspace repository.uri sourcebranch ' +
    'sourcetfvcshelveset sourceversion sourceversionauthor sourceversionmessage sourcesdirectory ' +
    'stagingdirectory syncsources useserverworkspaces',
  pipeline: 'repository.name workspace',
  common: 'testresultsdirectory',
  system:
    'artifactsdirectory accesstoken collectionid culture debug defaultworkingdirectory definitionid ' +
    'definitionname enableaccesstoken hosttype isazurevm isdockercontainer jobattempt jobdisplayname ' +
    'jobid jobname phaseattempt phasedisplayname phasename planid prefergitfrompath ' +
    'pullrequest.targetbranch selfmanagegitcreds servertype sourceversionmessage stageattempt ' +
    'stagedisplayname stagename teamfoundationserveruri teamproject teamprojectid workfolder',
  release:
    'attemptnumber disablerobocopy definitionid definitionname releasedescription ' +
    'artifact.download.buffersize environmentname environmenturi releaseid releasename ' +
    'artifact.download.parallellimit requestedforid releaseuri releaseweburl requestedfor robocopymt ' +
    'skipartifactsdownload',
  task: 'displayname skiptranslatorforcheckout publishtelemetry',
};

/** In lower case, with dots. */
export const readOnlyNames: ReadonlySet<string> = new Set(
  Object.entries(namesByArea).flatMap(([area, list]) =>
    list.split(' ').map((name) => (area ? `${area}.${name}` : name)),
  ),
);

/** Whether the agent makes a variable of this name read-only. */
export function isBuiltInReadOnly(name: string): boolean {
  return readOnlyNames.has(name.toLowerCase());
}
