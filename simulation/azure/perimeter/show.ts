/** Parts of a perimeter as Azure Resource Manager shows them. */
import type { VaultState } from '../world';
import type { AccessRule } from './access-rules';
import type { Association, Perimeter, Placed, Profile } from './perimeters';

type Json = Readonly<Record<string, unknown>>;

const type = 'Microsoft.Network/networkSecurityPerimeters';

export function showRule(profile: Profile, { name, properties, systemData }: AccessRule): Json {
  return {
    id: `${profile.id}/accessRules/${name}`,
    name,
    type: `${type}/profiles/accessRules`,
    properties: { provisioningState: profile.provisioningState, ...properties },
    systemData,
  };
}

export function showProfile({ id, name, version }: Profile): Json {
  const properties = { accessRulesVersion: String(version), diagnosticSettingsVersion: '0' };
  return { id, name, type: `${type}/profiles`, properties };
}

export function showAssociation({ id }: Perimeter, association: Association): Json {
  const { name, vaultId, profileId, accessMode, hasProvisioningIssues } = association;
  return {
    id: `${id}/resourceAssociations/${name}`,
    name,
    type: `${type}/resourceAssociations`,
    properties: {
      provisioningState: 'Succeeded',
      privateLinkResource: { id: vaultId },
      profile: { id: profileId },
      accessMode,
      hasProvisioningIssues: hasProvisioningIssues ? 'yes' : 'no',
    },
  };
}

/** The vault's side of an association (Azure/azure-rest-api-specs, Microsoft.KeyVault 2026-04-01-preview, examples). */
export function showConfiguration(vault: VaultState, { perimeter, profile, association }: Placed): Json {
  const name = `${perimeter.guid}.${association.name}`;
  const accessRules = [...profile.rules.values()].map((rule) => ({ name: rule.name, properties: rule.properties }));
  return {
    id: `${vault.resource.id}/networkSecurityPerimeterConfigurations/${name}`,
    name,
    type: 'Microsoft.KeyVault/vaults/networkSecurityPerimeterConfigurations',
    properties: {
      provisioningState: association.hasProvisioningIssues ? 'Failed' : 'Succeeded',
      provisioningIssues: association.hasProvisioningIssues ? [propagationFailure] : [],
      networkSecurityPerimeter: { id: perimeter.id, perimeterGuid: perimeter.guid, location: perimeter.location },
      resourceAssociation: { name: association.name, accessMode: association.accessMode },
      profile: {
        name: profile.name,
        accessRulesVersion: String(profile.version),
        accessRules,
        diagnosticSettingsVersion: '0',
        enabledLogCategories: [],
      },
    },
  };
}

const propagationFailure = {
  name: 'ConfigurationPropagationFailure',
  properties: {
    issueType: 'ConfigurationPropagationFailure',
    severity: 'Error',
    description: 'The vault has not taken over the configuration of its perimeter.',
  },
};
