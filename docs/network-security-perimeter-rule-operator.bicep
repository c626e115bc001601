// The custom role that KeyVaultAgentAccess needs for vaults in a network security perimeter. Names of custom roles are
// unique in a Microsoft Entra tenant, so there is one role for all subscriptions. Deploy it once, at a management group
// that is above them:
//   az deployment mg create --management-group-id <management group> --location westeurope \
//     --template-file network-security-perimeter-rule-operator.bicep
// Then assign it on each profile: network-security-perimeter-rule-operator-assignment.bicep.
targetScope = 'managementGroup'

@description('Where the role can be assigned. A later deployment replaces the scopes of an earlier one.')
param assignableScopes array = [
  managementGroup().id
]

var roleName = 'Network Security Perimeter Rule Operator'

resource role 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  // The same ID in the whole tenant: a second role with this name would be refused.
  name: guid(tenant().tenantId, roleName)
  properties: {
    roleName: roleName
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
    assignableScopes: assignableScopes
  }
}
