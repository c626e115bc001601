import assert from 'node:assert/strict';
import { runStepProcess } from './step-process';

const id = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
const clientId = '55555555-5555-4555-8555-555555555555';

const authorization = (scheme: string) =>
  JSON.stringify({
    scheme,
    parameters: {
      tenantid: '11111111-1111-4111-8111-111111111111',
      serviceprincipalid: clientId,
      serviceprincipalkey: 'not-a-real-password-1',
    },
  });

/** A step of the project Shop, with a connection by client secret. */
const job = {
  INPUT_CONNECTEDSERVICENAME: id.toUpperCase(),
  [`ENDPOINT_AUTH_${id}`]: authorization('ServicePrincipal'),
  [`ENDPOINT_DATA_${id}`]: JSON.stringify({ subscriptionid: '22222222-2222-4222-8222-222222222222' }),
  SYSTEM_COLLECTIONURI: 'https://dev.azure.com/contoso/',
  SYSTEM_TEAMPROJECT: 'Größe & Co\r\nX-Forged: 1',
  BUILD_BUILDID: '7',
};

/** What connecting gives, or the message of what it throws, and all that the step has printed. */
async function connect(changes: Readonly<Record<string, string>> = {}) {
  const { lines, exitCode } = await runStepProcess(
    `const { connectAzure } = require('./tasks/shared/wiring');
     const { stepInputs } = require('./tasks/shared/agent/step-inputs');
     const { readSurroundings } = require('./tasks/shared/agent/surroundings');
     const say = (x) => console.log('RESULT ' + JSON.stringify(x));
     try {
       const { signal } = new AbortController();
       const { failureContext, connection, userAgent } = connectAzure({ inputs: stepInputs, surroundings: readSurroundings('agent'), signal });
       say({ failureContext, cloud: connection.cloud.name, subscription: connection.subscriptionId, userAgent,
         environment: Object.keys(process.env) });
     } catch (error) { say({ message: error.message }); }`,
    { ...job, ...changes },
  );
  const result = lines.find((line) => line.startsWith('RESULT '))?.slice('RESULT '.length) ?? '{}';
  return { result: JSON.parse(result) as Record<string, unknown>, text: lines.join('\n'), exitCode };
}

describe('connectAzure', () => {
  it('connects by the connection that the step names, and prints nothing of its secret', async () => {
    const { result, text } = await connect();
    assert.equal((result.failureContext as { clientId: string }).clientId, clientId);
    assert.equal(result.cloud, 'AzureCloud');
    assert.equal(result.subscription, '22222222-2222-4222-8222-222222222222');
    assert.doesNotMatch(text, /not-a-real-password-1/);
  });

  it('leaves nothing behind that would keep a step from ending', async () => {
    assert.equal((await connect()).exitCode, 0);
  });

  it('says in the User-Agent header which organization, project and run asks, in characters that headers allow', async () => {
    const { result } = await connect();
    assert.equal(
      result.userAgent,
      'PipelineTasksForAzureKeyVault https%3A%2F%2Fdev.azure.com%2Fcontoso%2F Gr%C3%B6%C3%9Fe%20%26%20Co%0D%0AX-Forged%3A%201 7',
    );
  });

  it('removes variables with which an earlier step could mislead the sign-in, and all that no library needs', async () => {
    const { result } = await connect({
      AZURE_REGIONAL_AUTHORITY_NAME: 'evil.example/x',
      AZURE_CLIENT_ID: 'evil',
      DEBUG: '*',
      NODE_TLS_REJECT_UNAUTHORIZED: '0',
      IDENTITY_ENDPOINT: 'http://evil.example',
      IMDS_ENDPOINT: 'http://169.254.169.254',
      VSTS_PUBLIC_VARIABLES: '["identity.endpoint"]',
    });
    // The machine's own word stays.
    assert.deepEqual(new Set(result.environment as readonly string[]), new Set(['PATH', 'IMDS_ENDPOINT']));
  });

  for (const [what, changes, message] of [
    ['no connection is named', { INPUT_CONNECTEDSERVICENAME: ' ' }, /^AKV-INPUT: Input 'azureSubscription'/],
    [
      'the connection is of another kind',
      { [`ENDPOINT_AUTH_${id}`]: authorization('Token') },
      /^AKV-CONNECTION: .*'Token'/,
    ],
    [
      'its cloud is unknown',
      { [`ENDPOINT_DATA_${id}`]: '{"environment":"AzureStack"}' },
      /^AKV-CONNECTION: .*'AzureStack'/,
    ],
    ["the agent's authorities cannot be read", { AGENT_CAINFO: '/absent/ca.pem' }, /^AKV-TLS: .*'\/absent\/ca\.pem'/],
  ] as const) {
    it(`fails before any request when ${what}`, async () => {
      const { message: said } = (await connect(changes)).result;
      assert.ok(typeof said === 'string');
      assert.match(said, message);
    });
  }
});
