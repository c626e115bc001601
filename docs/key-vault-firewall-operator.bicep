// The role that KeyVaultAgentAccess needs, and its assignment to the identity of a service connection on one vault.
// Deploy into the vault's resource group:
//   az deployment group create --resource-group <group> --template-file key-vault-firewall-operator.bicep \
//     --parameters vaultName=<vault> principalId=<object id of the identity>
param vaultName string
param principalId string

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, 'Key Vault Firewall Operator')
  properties: {
    roleName: 'Key Vault Firewall Operator'
    description: 'Read Key Vaults and change their settings, such as firewall rules.'
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
    assignableScopes: [
      resourceGroup().id
    ]
  }
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, role.id)
  scope: vault
  properties: {
    roleDefinitionId: role.id
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
