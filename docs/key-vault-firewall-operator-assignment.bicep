// Assigns the role of key-vault-firewall-operator.bicep to the identity of a service connection, on one vault.
// Deploy it to the vault's resource group:
//   az deployment group create --resource-group <group> --template-file key-vault-firewall-operator-assignment.bicep \
//     --parameters vaultName=<vault> principalId=<object id of the identity>
param vaultName string
param principalId string

@description('The ID of the role. If it was not made by the Bicep file: az role definition list --name "Key Vault Firewall Operator" --query [0].name')
param roleId string = guid(tenant().tenantId, 'Key Vault Firewall Operator')

resource vault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: vaultName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(vault.id, principalId, roleId)
  scope: vault
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
