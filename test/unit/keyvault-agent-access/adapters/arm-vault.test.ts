import assert from 'node:assert/strict';
import { createResourceManager } from '../../../../tasks/keyvault-agent-access/adapters/arm-vault';
import { findCloud } from '../../../../tasks/shared/sign-in/cloud';
import { answer, fakeServer } from '../../shared/fake-azure';

const subscription = '/subscriptions/22222222-2222-4222-8222-222222222222';

describe('createResourceManager', () => {
  it("reads a vault by the name of 'resources', which is also what lists end in", async () => {
    const id = `${subscription}/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/resources`;
    const vault = { id, properties: { sku: {}, vaultUri: 'https://resources.vault.azure.net/' } };
    const cloud = findCloud('AzureCloud')!;
    const { signal } = new AbortController();
    const credential = {
      getToken: () => Promise.resolve({ token: 'not-a-real-token-1', expiresOnTimestamp: Infinity }),
    };
    const { client } = fakeServer(answer(200, vault));
    const parts = {
      cloud,
      credential,
      client,
      clientWithoutRetries: client,
      userAgent: 'x',
      failureContext: {},
      signal,
    };
    const armVault = createResourceManager(parts).manage(id);
    assert.deepEqual((await armVault.get(signal)).resource, vault);
  });
});
