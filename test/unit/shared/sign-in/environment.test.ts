import assert from 'node:assert/strict';
import { guardEnvironment } from '../../../../tasks/shared/sign-in/environment';

/** Each as Azure's own libraries read it. */
const misleading =
  'AZURE_REGIONAL_AUTHORITY_NAME MSAL_FORCE_REGION REGION_NAME AZURE_AUTHORITY_HOST AZURE_IDENTITY_DISABLE_MULTITENANTAUTH AZURE_POD_IDENTITY_AUTHORITY_HOST AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_FEDERATED_TOKEN_FILE';
const ofTheMachine =
  'IDENTITY_ENDPOINT IDENTITY_HEADER IDENTITY_SERVER_THUMBPRINT IMDS_ENDPOINT MSI_ENDPOINT MSI_SECRET';

function guarded(environment: Record<string, string>, variables: readonly string[] = []): object {
  guardEnvironment(environment, variables);
  return environment;
}

describe('guardEnvironment', () => {
  for (const name of misleading.split(' ')) {
    it(`removes ${name}, whoever has set it and however it is spelt`, () => {
      assert.deepEqual(guarded({ [name]: 'evil.example', PATH: '/bin' }), { PATH: '/bin' });
      assert.deepEqual(guarded({ [name.toLowerCase()]: 'evil.example' }), {});
    });
  }

  for (const name of ofTheMachine.split(' ')) {
    it(`keeps ${name} of the machine, and removes one that a pipeline variable has set`, () => {
      assert.deepEqual(guarded({ [name]: 'x' }), { [name]: 'x' });
      assert.deepEqual(guarded({ [name]: 'x' }, ['other', name]), {});
      assert.deepEqual(guarded({ [name]: 'x' }, [name.toLowerCase().replace('_', '.')]), {});
      assert.deepEqual(guarded({ [name]: 'x' }, [name.replace('_', ' ')]), {});
    });
  }

  it('leaves everything else as it is', () => {
    const environment = {
      PATH: '/bin',
      HTTPS_PROXY: 'http://p.example',
      NODE_EXTRA_CA_CERTS: '/ca.pem',
      MY_REGION_NAME: 'x',
    };
    assert.deepEqual(guarded({ ...environment }, Object.keys(environment)), environment);
  });
});
