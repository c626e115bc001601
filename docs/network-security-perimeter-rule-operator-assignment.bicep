// Assigns the role of network-security-perimeter-rule-operator.bicep to the identity of a service connection, on one
// profile. Deploy it to the perimeter's resource group:
//   az deployment group create --resource-group <group> \
//     --template-file network-security-perimeter-rule-operator-assignment.bicep \
//     --parameters perimeterName=<perimeter> profileName=<profile> principalId=<object id of the identity>
param perimeterName string
param profileName string
param principalId string

@description('The ID of the role. If it was not made by the Bicep file: az role definition list --name "Network Security Perimeter Rule Operator" --query [0].name')
param roleId string = guid(tenant().tenantId, 'Network Security Perimeter Rule Operator')

resource profile 'Microsoft.Network/networkSecurityPerimeters/profiles@2025-05-01' existing = {
  name: '${perimeterName}/${profileName}'
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(profile.id, principalId, roleId)
  scope: profile
  properties: {
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roleId)
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
