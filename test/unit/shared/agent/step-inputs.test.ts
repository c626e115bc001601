import assert from 'node:assert/strict';
import { runStepProcess } from '../step-process';

/** What the expression gives in a step with this environment, or the message of what it throws. */
async function evaluate(expression: string, environment: Readonly<Record<string, string>>): Promise<unknown> {
  const { lines } = await runStepProcess(
    `const { stepInputs, inputsForClosing } = require('./tasks/shared/agent/step-inputs');
     const { endpoints, requireGenuineConnection } = require('./tasks/shared/agent/endpoints');
     const say = (x) => console.log('RESULT ' + JSON.stringify(x));
     try { say(${expression}); } catch (error) { say(error.message); }`,
    environment,
  );
  return JSON.parse(lines.find((line) => line.startsWith('RESULT '))?.slice('RESULT '.length) ?? '{}');
}

const isWindows = process.platform === 'win32';

describe('the inputs of a step', () => {
  it('are trimmed, and empty when they are not there', async () => {
    const both = "[stepInputs.text('keyVaultName'), stepInputs.text('absent')]";
    assert.deepEqual(await evaluate(both, { INPUT_KEYVAULTNAME: '  contoso-kv\n' }), ['contoso-kv', '']);
  });

  (isWindows ? it.skip : it)('are read under the name in upper case only', async () => {
    assert.equal(await evaluate("stepInputs.text('ipAddresses')", { INPUT_ipAddresses: '6.6.6.6' }), '');
  });

  const replaced = { INPUT_KEYVAULTNAME: 'evil-kv', VSTS_PUBLIC_VARIABLES: '["Input.keyVaultName"]' };

  it('are refused when a variable may have taken their place', async () => {
    const message = String(await evaluate("stepInputs.text('keyVaultName')", replaced));
    assert.match(message, /^AKV-INPUT: Input 'keyVault': may have been replaced: .* named INPUT_KEYVAULTNAME\./);
  });

  it('do not prevent a step from closing', async () => {
    assert.equal(await evaluate("inputsForClosing.text('keyVaultName')", replaced), 'evil-kv');
  });
});

describe('the service connections of a step', () => {
  const connection = {
    ENDPOINT_AUTH_x: '{"scheme":"ServicePrincipal","parameters":{"TenantId":"t"}}',
    ENDPOINT_DATA_x: '{"environment":"AzureCloud"}',
  };
  const read =
    "[endpoints.scheme('x'), endpoints.parameter('x', 'tenantid'), endpoints.data('x', 'Environment'), endpoints.data('x', 'msiClientId')]";

  it('have their fields in any case, and no other ones, whatever variables are called', async () => {
    const forged = { ENDPOINT_DATA_x_MSICLIENTID: 'evil', ENDPOINT_AUTH_SCHEME_x: 'evil' };
    const expected = ['ServicePrincipal', 't', 'AzureCloud', ''];
    assert.deepEqual(await evaluate(read, { ...connection, ...forged }), expected);
  });

  it('have nothing when the agent gives nothing that can be read', async () => {
    assert.deepEqual(await evaluate(read, { ENDPOINT_AUTH_x: 'not JSON', ENDPOINT_DATA_x: '[]' }), ['', '', '', '']);
  });

  for (const name of ['ENDPOINT_AUTH_X', 'endpoint.data.x']) {
    it(`are refused when a variable '${name}' may have taken their place`, async () => {
      const variables = { VSTS_PUBLIC_VARIABLES: JSON.stringify([name.replace('.x', '_x')]) };
      const message = String(await evaluate("requireGenuineConnection('X')", { ...connection, ...variables }));
      assert.match(message, /^AKV-CONNECTION: A variable of this job is named ENDPOINT_(AUTH|DATA)_x/);
    });
  }
});
