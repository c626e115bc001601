import { leastActions } from '../../../simulation/azure/contoso';
import { changedConnection, changedVault, idOf, refusal, withoutRole, type Failures } from './failures';

/** What Azure refuses to an identity that has signed in. */
export const refusals: Failures = {
  'the firewall': {
    arrange: changedVault({ networkAcls: { defaultAction: 'Deny' } }),
    only: 'KeyVaultSecrets',
    code: 'AKV-FIREWALL',
    says: /address 20\.50\.1\.10[^]*network-rule add --name contoso-kv --ip-address 20\.50\.1\.10\/32/,
  },
  'no role on the data': {
    arrange: withoutRole,
    only: 'KeyVaultSecrets',
    code: 'AKV-RBAC',
    says: /is not authorized to perform \S+getSecret\/action[^]*--role "Key Vault Secrets User"/,
  },
  'no access policy': {
    arrange: changedVault({ enableRbacAuthorization: false, accessPolicies: [] }),
    only: 'KeyVaultSecrets',
    code: 'AKV-ACCESS-POLICY',
    says: /--secret-permissions get list/,
  },
  'the firewall, for a pattern': {
    arrange: async (testBed, task) => {
      await changedVault({ networkAcls: { defaultAction: 'Deny' } })(testBed, task);
      return { secrets: 'tok*' };
    },
    only: 'KeyVaultSecrets',
    code: 'AKV-FIREWALL',
    says: /address 20\.50\.1\.10[^]*network-rule add --name contoso-kv --ip-address 20\.50\.1\.10\/32/,
  },
  'no role on the data, for a pattern': {
    arrange: (testBed) => ({ ...withoutRole(testBed), secrets: 'tok*' }),
    only: 'KeyVaultSecrets',
    code: 'AKV-RBAC',
    says: /is not authorized to perform \S+readMetadata\/action[^]*--role "Key Vault Secrets User"/,
  },
  'disabled public access': { arrange: changedVault({ publicNetworkAccess: 'Disabled' }), code: 'AKV-PRIVATE-ONLY' },
  'a perimeter': { arrange: changedVault({ publicNetworkAccess: 'SecuredByPerimeter' }), code: 'AKV-PERIMETER' },
  'a vault that takes bound tokens only': {
    arrange: async (testBed, task) => {
      await changedVault({ tokenBindingParameters: { mode: 'Enforced' } })(testBed, task);
      testBed.azure.fault({
        when: ({ service, headers }) => service === 'vault' && 'authorization' in headers,
        then: refusal(401, 'Unauthorized'),
      });
      return undefined;
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-UNAUTHORIZED',
    // The API version that the task uses does not show the property, so that this can only be one cause of several.
    says: /or the vault requires bound tokens/,
  },
  'a service endpoint': {
    arrange: () => ({ network: { via: { kind: 'Subnet', subnet: '/subscriptions/x/subnets/agents' } } }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-SUBNET',
  },
  'no permissions in Azure Resource Manager': {
    arrange: (testBed) => ({ ...withoutRole(testBed), inputs: 'resourceGroupName: shop' }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-ACCESS',
    says: /is not authorized to perform Microsoft\.KeyVault\/vaults\/read[^]*Key Vault Firewall Operator/,
  },
  'no role on the vault, which is looked up by its name': {
    arrange: (testBed) => {
      testBed.contoso.revokeRole();
      const { objectId } = testBed.contoso.application;
      testBed.azure.assignRole({ objectId, scope: idOf(testBed), dataActions: leastActions.dataActions });
      return {};
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-NOT-FOUND',
    says: /has no role on the vault: az role assignment create --role "Key Vault Firewall Operator"/,
  },
  'a ReadOnly lock': {
    arrange: (testBed) => {
      testBed.azure.addLock({ scope: idOf(testBed), level: 'ReadOnly' });
      return undefined;
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-LOCK',
  },
  'a policy that forbids the change': {
    arrange: (testBed) => {
      testBed.azure.addPolicy({ name: 'no-rules', scope: idOf(testBed), effect: 'deny', matches: () => true });
      return undefined;
    },
    only: 'KeyVaultAgentAccess',
    code: 'AKV-ARM-POLICY',
  },
  'a management group connection': {
    arrange: changedConnection({}, { subscriptionid: '' }),
    only: 'KeyVaultAgentAccess',
    code: 'AKV-CONNECTION',
    says: /has no subscription[^]*full resource id/,
  },
  'a disabled secret': {
    arrange: (testBed) => {
      testBed.azure.setSecret(testBed.contoso.vault, { name: 'token', value: 'not-a-real-value-2', enabled: false });
      return undefined;
    },
    only: 'KeyVaultSecrets',
    code: 'AKV-SECRET-DISABLED',
    says: /set-attributes --vault-name contoso-kv --name token --enabled true/,
  },
  'a misspelt secret, of an identity that may list': {
    arrange: () => ({ secrets: 'tokens -> TOKEN\nweb-*' }),
    only: 'KeyVaultSecrets',
    code: 'AKV-SECRET-MISSING',
    says: /contoso-kv:tokens: the secret does not exist\. Did you mean 'token'\?/,
  },
  'a file that would also be a folder': {
    arrange: () => ({ secrets: 'token | file:a -> A\ntoken | file:a/b -> B' }),
    only: 'KeyVaultSecrets',
    code: 'AKV-NAME-COLLISION',
    says: /the file 'a' would also be the folder of 'a\/b'\. No variable was set\./,
  },
  'a deleted secret': {
    arrange: (testBed) => {
      testBed.azure.deleteSecret(testBed.contoso.vault, 'token');
      return undefined;
    },
    only: 'KeyVaultSecrets',
    code: 'AKV-SECRET-MISSING',
    says: /az keyvault secret recover --vault-name contoso-kv --name token/,
  },
};
