import assert from 'node:assert/strict';
import { basename, delimiter, join, sep } from 'node:path';
import { printing, printingEnvironment, runFakeJob, type FakeTask } from './fake-tasks';
import type { JobResult } from './job-result';
import type { RunOptions, ServiceConnection } from './run-options';

const id = '3f2504e0-4f89-11d3-9a0c-0305e82c3301';
const connection: ServiceConnection = {
  id,
  name: 'My connection',
  scheme: 'ServicePrincipal',
  url: 'https://management.example',
  parameters: { tenantid: 'tenant-1', serviceprincipalkey: 'not-a-real-key-1' },
  data: { 'sub.id': 'sub-1' },
};

/** What a task with these inputs printed about its environment. */
async function environmentOf(
  names: readonly string[],
  { task = {}, yaml = '', ...options }: { task?: Partial<FakeTask>; yaml?: string } & Partial<RunOptions> = {},
): Promise<Record<string, string>> {
  const result = await runFakeJob(
    [{ name: 'Show', main: printingEnvironment(...names), ...task }],
    `${yaml.includes('steps:') ? '' : 'steps:\n- task: Show@1\n'}${yaml}`,
    options,
  );
  return printedValues(result);
}

function printedValues({ raw }: JobResult): Record<string, string> {
  const pairs = raw.flatMap((line) => {
    const [, name, json] = /^(\S+) is (.*)$/.exec(line) ?? [];
    return name === undefined || json === undefined || json === 'undefined' ? [] : [[name, JSON.parse(json) as string]];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

describe("a task's environment", () => {
  it('has public variables by their environment names, and secret ones only with the prefix SECRET_', async () => {
    const variables = [
      { name: 'my.public var-1', value: 'p', secret: false },
      { name: 'my.secret', value: 'not-real-1', secret: true },
    ];
    const seen = await environmentOf(['MY_PUBLIC_VAR-1', 'MY_SECRET', 'SECRET_MY_SECRET'], { variables });
    assert.deepEqual(seen, { 'MY_PUBLIC_VAR-1': 'p', SECRET_MY_SECRET: 'not-real-1' });
  });

  it('lists the names of public and secret variables as they are spelled', async () => {
    const variables = [
      { name: 'My.Public', value: 'p', secret: false },
      { name: 'My.Secret', value: 'not-real-1', secret: true },
    ];
    const seen = await environmentOf(['VSTS_PUBLIC_VARIABLES', 'VSTS_SECRET_VARIABLES'], { variables });
    const names = (key: string) => JSON.parse(seen[key] ?? '') as string[];
    assert.ok(names('VSTS_PUBLIC_VARIABLES').includes('My.Public'));
    assert.deepEqual(names('VSTS_SECRET_VARIABLES'), ['system.accessToken', 'My.Secret']);
  });

  it('has inputs by alias and in any case, trimmed and expanded, and defaults for the others', async () => {
    const inputs = [
      { name: 'first', aliases: ['one'] },
      { name: 'second' },
      { name: 'third', defaultValue: ' d ' },
      { name: 'none' },
    ];
    const seen = await environmentOf(['INPUT_FIRST', 'INPUT_SECOND', 'INPUT_THIRD', 'INPUT_NONE'], {
      task: { inputs },
      yaml: '  inputs: { ONE: " $(a) ", Second: "$(FROM_AGENT) $(nope)" }',
      variables: [{ name: 'A', value: ' v ', secret: false }],
      environment: { PATH: process.env.PATH ?? '', FROM_AGENT: 'e' },
    });
    assert.deepEqual(seen, { INPUT_FIRST: ' v ', INPUT_SECOND: 'e $(nope)', INPUT_THIRD: 'd', INPUT_NONE: '' });
  });

  it('expands the values of secrets against the agent environment, a trap of the real agent', async () => {
    const seen = await environmentOf(['INPUT_X'], {
      task: { inputs: [{ name: 'x' }] },
      yaml: '  inputs: { x: $(s) }',
      variables: [{ name: 's', value: 'pre-$(TRAP)', secret: true }],
      environment: { PATH: process.env.PATH ?? '', TRAP: 'changed' },
    });
    assert.equal(seen.INPUT_X, 'pre-changed');
  });

  it('roots file paths in the sources, and makes an empty one the sources themselves', async () => {
    const inputs = ['a', 'b', 'c'].map((name) => ({ name, type: 'filePath' }));
    const seen = await environmentOf(['INPUT_A', 'INPUT_B', 'INPUT_C', 'BUILD_SOURCESDIRECTORY'], {
      task: { inputs },
      yaml: `  inputs: { a: x/y, c: ${join(sep, 'abs')} }`,
    });
    const sources = seen.BUILD_SOURCESDIRECTORY ?? '';
    assert.match(sources, /_work.1.s$/);
    assert.deepEqual([seen.INPUT_A, seen.INPUT_B], [join(sources, 'x', 'y'), join(sources)]);
    assert.equal(seen.INPUT_C, join(sep, 'abs'));
  });

  const endpointNames = [
    `ENDPOINT_URL_${id}`,
    `ENDPOINT_AUTH_${id}`,
    `ENDPOINT_AUTH_SCHEME_${id}`,
    `ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`,
    `ENDPOINT_DATA_${id}`,
    `ENDPOINT_DATA_${id}_SUB_ID`,
  ];
  const inputs = [{ name: 'connection', type: 'connectedService:AzureRM' }];

  it('has the service connection that an input names', async () => {
    const seen = await environmentOf(['INPUT_CONNECTION', ...endpointNames], {
      task: { inputs },
      yaml: '  inputs: { connection: "my $(word)" }\nvariables: { word: connection }',
      serviceConnections: [connection],
    });
    assert.deepEqual(seen, {
      INPUT_CONNECTION: id,
      [`ENDPOINT_URL_${id}`]: 'https://management.example/',
      [`ENDPOINT_AUTH_${id}`]: JSON.stringify({ parameters: connection.parameters, scheme: 'ServicePrincipal' }),
      [`ENDPOINT_AUTH_SCHEME_${id}`]: 'ServicePrincipal',
      [`ENDPOINT_AUTH_PARAMETER_${id}_SERVICEPRINCIPALKEY`]: 'not-a-real-key-1',
      [`ENDPOINT_DATA_${id}`]: '{"sub.id":"sub-1"}',
      [`ENDPOINT_DATA_${id}_SUB_ID`]: 'sub-1',
    });
  });

  it('has no service connection that no input names', async () => {
    assert.deepEqual(await environmentOf(endpointNames, { task: { inputs }, serviceConnections: [connection] }), {});
  });

  it('always has the connection of the job itself', async () => {
    const names = ['URL', 'AUTH_SCHEME', 'DATA'].map((part) => `ENDPOINT_${part}_SYSTEMVSSCONNECTION`);
    assert.deepEqual(await environmentOf([...names, 'ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN']), {
      ENDPOINT_URL_SYSTEMVSSCONNECTION: 'https://pipelines.example/org',
      ENDPOINT_AUTH_SCHEME_SYSTEMVSSCONNECTION: 'OAuth',
      ENDPOINT_AUTH_PARAMETER_SYSTEMVSSCONNECTION_ACCESSTOKEN: 'not-a-real-token-1',
    });
  });

  it('lets a variable win over the env of the step, which wins over the agent', async () => {
    const seen = await environmentOf(['A', 'B', 'C'], {
      yaml: '  env: { A: step, B: "$(v)", C: step }\nvariables: { a: variable, v: x }',
      environment: { PATH: process.env.PATH ?? '', C: 'agent' },
    });
    assert.deepEqual(seen, { A: 'variable', B: 'x', C: 'step' });
  });

  it('tells about the job, the step and the agent', async () => {
    const seen = await environmentOf(
      [
        'TF_BUILD',
        'AGENT_VERSION',
        'AGENT_JOBSTATUS',
        'agent.jobstatus',
        'SYSTEM_HOSTTYPE',
        'SYSTEM_TASKINSTANCENAME',
        'TASK_DISPLAYNAME',
      ],
      { yaml: '  displayName: Shown' },
    );
    assert.deepEqual(seen, {
      TF_BUILD: 'True',
      AGENT_VERSION: '5.278.0',
      AGENT_JOBSTATUS: 'Succeeded',
      'agent.jobstatus': 'Succeeded',
      SYSTEM_HOSTTYPE: 'build',
      SYSTEM_TASKINSTANCENAME: 'Show',
      TASK_DISPLAYNAME: 'Shown',
    });
  });

  it('has the proxy and the certificates of the agent, their passwords as secrets', async () => {
    const names = [
      'PROXYURL',
      'PROXYUSERNAME',
      'PROXYPASSWORD',
      'PROXYBYPASSLIST',
      'CAINFO',
      'SKIPCERTVALIDATION',
      'CLIENTCERT',
    ];
    const seen = await environmentOf(
      [...names.map((name) => `AGENT_${name}`), 'SECRET_AGENT_PROXYPASSWORD', 'SECRET_AGENT_CLIENTCERTPASSWORD'],
      {
        proxy: { url: 'http://proxy:8080', username: 'me', password: 'not-real-1', bypass: ['^x\\.y'] },
        caFile: '/ca.pem',
        skipCertificateValidation: true,
        clientCertificate: { certificate: '/c.pem', key: '/k.pem', archive: '/a.pfx', password: 'not-real-2' },
      },
    );
    assert.deepEqual(seen, {
      AGENT_PROXYURL: 'http://proxy:8080',
      AGENT_PROXYUSERNAME: 'me',
      AGENT_PROXYBYPASSLIST: '["^x\\\\.y"]',
      AGENT_CAINFO: '/ca.pem',
      AGENT_SKIPCERTVALIDATION: 'True',
      AGENT_CLIENTCERT: '/c.pem',
      SECRET_AGENT_PROXYPASSWORD: 'not-real-1',
      SECRET_AGENT_CLIENTCERTPASSWORD: 'not-real-2',
    });
  });

  it("runs a Node of the agent's own folder, where the agent keeps the address of its proxy", async () => {
    const main = `const path = require('path');
      const root = path.resolve(process.execPath, '../../../..');
      const file = path.join(root, '.proxy');
      console.log(path.relative(root, process.execPath));
      console.log(require('fs').existsSync(file) ? require('fs').readFileSync(file, 'utf8') : 'no file');
      console.log(path.relative(root, process.argv[1]));`;
    const proxy = { url: 'http://proxy:8080' };
    const printed = async (options: Partial<RunOptions>) =>
      (await runFakeJob([{ name: 'Show', main }], 'steps:\n- task: Show@1', options)).raw.filter((line) => line !== '');
    const node = join('externals', 'node24', 'bin', basename(process.execPath));
    const target = join('_work', '_tasks', 'Show_a0000000-0000-4000-8000-000000000000', '1.2.3', 'execution.js');
    assert.deepEqual(await printed({ proxy }), [node, 'http://proxy:8080', target]);
    assert.deepEqual(await printed({ proxy: { ...proxy, fromEnvironment: true } }), [node, 'no file', target]);
    assert.deepEqual(await printed({}), [node, 'no file', target]);
  });

  it('has its own inputs whatever variables are called, and those of the variables on agents before 5.277.0', async () => {
    const seen = (agentVersion: string) =>
      environmentOf(['INPUT_FIRST', 'VSTS_PUBLIC_VARIABLES'], {
        agentVersion,
        task: { inputs: [{ name: 'first' }] },
        yaml: '  inputs: { first: own }',
        variables: [{ name: 'input.first', value: 'other', secret: false }],
      });
    for (const [version, value] of [
      ['5.277.0', 'own'],
      ['5.276.1', 'other'],
      ['4.265.1', 'other'],
    ] as const) {
      const { INPUT_FIRST, VSTS_PUBLIC_VARIABLES } = await seen(version);
      assert.equal(INPUT_FIRST, value);
      assert.match(VSTS_PUBLIC_VARIABLES ?? '', /"input\.first"/);
    }
  });

  it('has a variable that keeps its case under that name alone', async () => {
    const set = printing('##vso[task.setvariable variable=agent.Name;preservecase=true]x');
    const result = await runFakeJob(
      [
        { name: 'Set', main: set },
        {
          name: 'Show',
          main: printingEnvironment('AGENT_NAME', 'agent_Name', 'INPUT_A', 'INPUT_a'),
          inputs: [{ name: 'a' }],
        },
      ],
      'steps:\n- task: Set@1\n- task: Show@1',
    );
    assert.deepEqual(printedValues(result), { agent_Name: 'x', INPUT_A: '' });
  });

  it('inherits nothing of this process but what a process needs', async () => {
    process.env.NOT_FOR_THE_AGENT = '1';
    try {
      assert.deepEqual(Object.keys(await environmentOf(['NOT_FOR_THE_AGENT', 'PATH'])), ['PATH']);
    } finally {
      delete process.env.NOT_FOR_THE_AGENT;
    }
  });

  it('of a later step has the prepended paths in front, the last one first', async () => {
    const prepend = printing(
      '##vso[task.prependpath]/one',
      '##vso[task.prependpath]/two',
      '##vso[task.prependpath]/one',
    );
    const result = await runFakeJob(
      [
        { name: 'Prepend', main: prepend },
        { name: 'Show', main: printingEnvironment('PATH') },
      ],
      'steps:\n- task: Prepend@1\n- task: Show@1',
    );
    const path = printedValues(result).PATH ?? '';
    assert.deepEqual(path.split(delimiter).slice(0, 2), ['/one', '/two']);
    assert.equal(path.split(delimiter).filter((part) => part === '/one').length, 1);
  });

  it('of a release has its own folders and no sources', async () => {
    const seen = await environmentOf(
      ['SYSTEM_HOSTTYPE', 'SYSTEM_DEFAULTWORKINGDIRECTORY', 'AGENT_RELEASEDIRECTORY', 'BUILD_SOURCESDIRECTORY'],
      {
        hostType: 'release',
      },
    );
    assert.match(seen.SYSTEM_DEFAULTWORKINGDIRECTORY ?? '', /_work.r1.a$/);
    assert.equal(seen.AGENT_RELEASEDIRECTORY, seen.SYSTEM_DEFAULTWORKINGDIRECTORY);
    assert.deepEqual([seen.SYSTEM_HOSTTYPE, seen.BUILD_SOURCESDIRECTORY], ['release', undefined]);
  });
});
