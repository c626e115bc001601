import assert from 'node:assert/strict';
import { spy } from 'sinon';
import { createResourceManager } from '../../../../tasks/keyvault-agent-access/adapters/arm-vault';
import { VaultGone } from '../../../../tasks/keyvault-agent-access/ports/vault';
import { DiagnosedError } from '../../../../tasks/shared/errors/diagnosis';
import { findCloud } from '../../../../tasks/shared/sign-in/cloud';
import { answer, fakeServer, type Reply } from '../../shared/fake-azure';

const subscription = '/subscriptions/22222222-2222-4222-8222-222222222222';

const id = `${subscription}/resourceGroups/shop/providers/Microsoft.KeyVault/vaults/resources`;
const vault = { id, properties: { sku: {}, vaultUri: 'https://resources.vault.azure.net/' } };

/** A vault behind servers that answer so. */
function manage(...script: readonly [Reply, ...Reply[]]) {
  const { signal } = new AbortController();
  const { client } = fakeServer(...script);
  const credential = {
    getToken: () => Promise.resolve({ token: 'not-a-real-token-1', expiresOnTimestamp: Infinity }),
  };
  const parts = {
    ...{ cloud: findCloud('AzureCloud')!, credential, client, clientWithoutRetries: client },
    ...{ userAgent: 'x', failureContext: {}, signal },
  };
  return { armVault: createResourceManager(parts).manage(id), signal };
}

describe('createResourceManager', () => {
  it("reads a vault by the name of 'resources', which is also what lists end in", async () => {
    const { armVault, signal } = manage(answer(200, vault));
    assert.deepEqual((await armVault.get(signal)).resource, vault);
  });

  it('parses an answer once, however many layers look at it', async () => {
    const { armVault, signal } = manage(answer(200, vault));
    const parse = spy(JSON, 'parse');
    try {
      await armVault.get(signal);
      await armVault.patch({ properties: { networkAcls: {} } }, signal);
      assert.equal(parse.withArgs(JSON.stringify(vault)).callCount, 2);
    } finally {
      parse.restore();
    }
  });

  it('tells a vault that is gone from one whose group Azure does not find', async () => {
    const refusal = (code: string, message: string) => answer(404, { error: { code, message } });
    const gone = manage(
      refusal(
        'ResourceNotFound',
        "The Resource 'Microsoft.KeyVault/vaults/resources' under group 'shop' was not found.",
      ),
    );
    await assert.rejects(gone.armVault.get(gone.signal), VaultGone);
    const moved = manage(refusal('ResourceGroupNotFound', "Resource group 'shop' could not be found."));
    await assert.rejects(
      moved.armVault.get(moved.signal),
      (error) => error instanceof DiagnosedError && !(error instanceof VaultGone),
    );
  });
});
