// The custom role that KeyVaultAgentAccess needs. Names of custom roles are unique in a Microsoft Entra tenant, so there
// is one role for all subscriptions. Deploy it once, at a management group that is above them:
//   az deployment mg create --management-group-id <management group> --location westeurope \
//     --template-file key-vault-firewall-operator.bicep
// Then assign it on each vault: key-vault-firewall-operator-assignment.bicep.
targetScope = 'managementGroup'

@description('Where the role can be assigned. A later deployment replaces the scopes of an earlier one.')
param assignableScopes array = [
  managementGroup().id
]

var roleName = 'Key Vault Firewall Operator'

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  // The same ID in the whole tenant: a second role with this name would be refused.
  name: guid(tenant().tenantId, roleName)
  properties: {
    roleName: roleName
    description: 'Read key vaults and change their settings, such as firewall rules.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.KeyVault/vaults/read'
          'Microsoft.KeyVault/vaults/write'
        ]
        notActions: []
      }
    ]
    assignableScopes: assignableScopes
  }
}
