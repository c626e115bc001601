import assert from 'node:assert/strict';

import { openContoso } from '../contoso';
import type { ContosoSite } from '../contoso';
import { createAzureKeys } from '../http/keys';
import type { AzureKeys } from '../http/keys';
import type { Reply } from '../http/tunnel-client';
import { disablePublicAccess, forceDefaultAction, restrictIpAddresses, stripUnknownTags } from './policies';

interface Vault {
  readonly tags: object;
  readonly properties: {
    readonly publicNetworkAccess: string;
    readonly networkAcls: { readonly defaultAction: string };
  };
}

describe('a policy on a simulated vault', () => {
  let keys: AzureKeys;
  let site: ContosoSite;
  before(async () => {
    keys = await createAzureKeys();
  });
  beforeEach(async () => {
    site = await openContoso({ keys });
  });
  afterEach(() => site.stop());

  const scope = '/subscriptions/22222222-2222-4222-8222-222222222222';
  const patch = (json: object): Promise<Reply> =>
    site.client.send(site.contoso.vaultUrl, { method: 'PATCH', headers: site.client.armToken, json });
  const setRules = (...values: string[]): Promise<Reply> =>
    patch({ properties: { networkAcls: { ipRules: values.map((value) => ({ value })) } } });
  const vaultIn = (reply: Reply): Vault => {
    assert.equal(reply.status, 200, reply.text);
    return reply.json as Vault;
  };

  it('disables public access inside of the 200 to any write, unless a tag exempts the vault', async () => {
    site.azure.addPolicy(disablePublicAccess(scope, 'public'));
    const accessAfter = async (tags: object): Promise<string> =>
      vaultIn(await patch({ tags })).properties.publicNetworkAccess;
    assert.equal(await accessAfter({ public: 'yes' }), 'Enabled');
    assert.equal(await accessAfter({ team: 'shop' }), 'Disabled');
  });

  it('sets the default action inside of the 200', async () => {
    site.azure.addPolicy(forceDefaultAction(scope, 'Allow'));
    assert.equal(vaultIn(await setRules('20.1.2.3')).properties.networkAcls.defaultAction, 'Allow');
  });

  it('strips unknown tags from a write that is done all the same', async () => {
    site.azure.addPolicy(stripUnknownTags(scope, ['team']));
    const networkAcls = { ipRules: [{ value: '20.1.2.3' }] };
    const { tags } = vaultIn(await patch({ tags: { team: 'shop', lease: 'x' }, properties: { networkAcls } }));
    assert.deepEqual(tags, { team: 'shop' });
  });

  it('denies every write while any rule is outside the allowed ranges, also one that removes another rule', async () => {
    assert.equal((await setRules('20.1.2.3', '30.1.2.3')).status, 200);
    site.azure.addPolicy(restrictIpAddresses(scope, ['20.1.0.0/16']));
    const refused = await setRules('30.1.2.3');
    const { error } = refused.json as { error: { code: string; message: string } };
    assert.deepEqual([refused.status, error.code], [403, 'RequestDisallowedByPolicy']);
    assert.match(error.message, /policyDefinitions\/55615ac9-af46-4a59-874e-391cc3dfb490/);
    assert.equal((await setRules('20.0.0.0/8')).status, 403);
    assert.equal((await setRules('20.1.4.0/24')).status, 200);
  });
});
