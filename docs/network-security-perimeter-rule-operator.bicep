// The role that KeyVaultAgentAccess needs for a vault in a network security perimeter, and its assignment to the
// identity of a service connection on one profile. Deploy into the perimeter's resource group:
//   az deployment group create --resource-group <group> --template-file network-security-perimeter-rule-operator.bicep \
//     --parameters perimeterName=<perimeter> profileName=<profile> principalId=<object id of the identity>
// The name of a custom role is unique in the tenant. Where the role exists already, pass its id: roleId=<resource id>.
param perimeterName string
param profileName string
param principalId string
param roleId string = ''

resource profile 'Microsoft.Network/networkSecurityPerimeters/profiles@2025-05-01' existing = {
  name: '${perimeterName}/${profileName}'
}

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (roleId == '') {
  name: guid(subscription().id, 'Network Security Perimeter Rule Operator')
  properties: {
    roleName: 'Network Security Perimeter Rule Operator'
    description: 'Read, add and remove access rules in the profiles of network security perimeters.'
    type: 'CustomRole'
    permissions: [
      {
        actions: [
          'Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/read'
          'Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/write'
          'Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/delete'
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
  name: guid(profile.id, principalId, 'Network Security Perimeter Rule Operator')
  scope: profile
  properties: {
    roleDefinitionId: roleId == '' ? role.id : roleId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
