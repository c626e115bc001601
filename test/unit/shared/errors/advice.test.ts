import assert from 'node:assert/strict';
import { armDenials, vaultDenials } from '../../../fixtures/denials';
import { context, denied, messageOf } from './denied';

describe('the advice for a refusal', () => {
  it('gives the command with the least privileged role, and no other role', () => {
    for (const denial of [...vaultDenials, ...armDenials]) {
      assert.doesNotMatch(messageOf(denied(denial)), /Owner|Contributor|Administrator|Officer/);
    }
    const rbac = vaultDenials.find(({ expected }) => expected === 'AKV-RBAC');
    assert.ok(rbac);
    assert.match(
      messageOf(denied(rbac)),
      /az role assignment create --role "Key Vault Secrets User" --assignee-object-id 66666666-6666-4666-8666-666666666666 --assignee-principal-type ServicePrincipal --scope/,
    );
    assert.match(
      messageOf(denied(rbac)),
      /is not authorized to perform Microsoft\.KeyVault\/vaults\/secrets\/getSecret\/action/,
    );
  });

  it('gives the commands that make and assign the role of KeyVaultAgentAccess, as far as the refusal tells the names', () => {
    const denial = armDenials.find(({ title }) => title === 'missing permissions');
    assert.ok(denial);
    const message = messageOf(denied(denial), { vault: 'contoso-kv' });
    assert.match(message, /is not authorized to perform Microsoft\.KeyVault\/vaults\/write in Azure Resource Manager/);
    const [, definition = ''] = /az role definition create --role-definition '(.*)'$/m.exec(message) ?? [];
    assert.deepEqual(JSON.parse(definition), {
      Name: 'Key Vault Firewall Operator',
      Actions: ['Microsoft.KeyVault/vaults/read', 'Microsoft.KeyVault/vaults/write'],
      AssignableScopes: ['/subscriptions/x'],
    });
    assert.match(message, /--scope \$\(az keyvault show --name contoso-kv --query id -o tsv\)$/m);
  });

  it('names the permission on subnets that writing a vault with subnets in its firewall takes', () => {
    const denial = armDenials.find(({ code }) => code === 'LinkedAuthorizationFailed');
    assert.ok(denial);
    const message = messageOf(denied(denial), { vault: 'contoso-kv' });
    assert.match(message, /joinViaServiceEndpoint\/action[^]*network-rule list --name contoso-kv /);
    assert.doesNotMatch(message, /Key Vault Firewall Operator/);
  });

  it('names all permissions of an access policy, because the command removes those that it does not name', () => {
    for (const denial of vaultDenials.filter(({ expected }) => expected === 'AKV-ACCESS-POLICY')) {
      const message = messageOf(denied(denial));
      assert.match(message, /az keyvault set-policy --name contoso-kv .*--secret-permissions get list$/m);
      assert.match(message, /replaces the secret permissions of the identity/);
    }
  });

  it('names both remedies where a perimeter is consulted as well, the firewall first', () => {
    const denial = vaultDenials.find(({ message }) => message.startsWith('Request was not allowed by NSP rules'));
    assert.ok(denial);
    assert.match(
      messageOf(denied(denial)),
      /network-rule add --name contoso-kv --ip-address 20\.61\.146\.97\/32[^]*perimeter in enforced mode: add an inbound access rule/,
    );
  });

  it('advises no rule for an address to an agent that the vault sees by its subnet', () => {
    const behindEndpoint = vaultDenials.find(({ expected }) => expected === 'AKV-SUBNET');
    assert.ok(behindEndpoint);
    for (const address of ['10.1.2.3', '172.31.0.1', '192.168.1.1']) {
      const message = `Client address is not authorized and caller is not a trusted service.\r\nClient address: ${address}`;
      for (const denial of [behindEndpoint, { ...behindEndpoint, message }]) {
        const text = messageOf(denied(denial));
        assert.match(text, /az keyvault network-rule add --name contoso-kv --subnet <resource id/);
        assert.doesNotMatch(text, /--ip-address/);
      }
    }
  });

  it('says how to check the private DNS of an agent that does not come through the private endpoint', () => {
    const hosts = {
      'contoso-kv.vault.azure.net': 'privatelink.vaultcore.azure.net',
      'contoso-kv.vault.usgovcloudapi.net': 'privatelink.vaultcore.usgovcloudapi.net',
      'contoso-kv.vault.azure.cn': 'privatelink.vaultcore.azure.cn',
    };
    for (const [host, zone] of Object.entries(hosts)) {
      for (const denial of vaultDenials.filter(({ expected }) => expected === 'AKV-PRIVATE-ONLY')) {
        const text = messageOf(denied({ ...denial, host }));
        assert.match(text, new RegExp(`nslookup ${host} must return the private IP address`));
        assert.match(text, new RegExp(`private DNS zone ${zone} to the agent's network`));
        assert.match(text, /must be Approved[^]*\.proxybypass/);
      }
    }
  });

  it('explains the policy that allows certain addresses only, and not every other policy so', () => {
    const [listing, other] = ['a policy that allows certain addresses only', 'a policy'].map((title) => {
      const denial = armDenials.find((one) => one.title === title);
      assert.ok(denial);
      return messageOf(denied(denial));
    });
    assert.match(listing!, /restrictIPAddresses: Yes[^]*allowedIPAddresses/);
    assert.doesNotMatch(other!, /restrictIPAddresses/);
  });

  it('names token binding when the vault requires it', () => {
    const denial = vaultDenials.find(({ expected }) => expected === 'AKV-UNAUTHORIZED');
    assert.ok(denial);
    assert.match(
      messageOf(denied(denial), { ...context, bindsTokens: true }),
      /tokenBindingParameters\.mode is Enforced/,
    );
    assert.doesNotMatch(messageOf(denied(denial)), /tokenBindingParameters/);
  });
});
