import type { ContosoSite } from '../contoso';

/** The actions with which a pipeline can manage access rules in a profile, and no others. */
export const ruleActions = ['read', 'write', 'delete'].map(
  (action) => `Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/${action}`,
);

/**
 * Creates a perimeter with one profile for Contoso; its application has permissions on the profile's rules. Returns the
 * profile's ID.
 */
export function addShopProfile(
  { azure, contoso }: Pick<ContosoSite, 'azure' | 'contoso'>,
  behavior: Partial<Parameters<ContosoSite['azure']['addProfile']>[0]> = {},
): string {
  const { subscription, application } = contoso;
  const place = { subscription, resourceGroup: 'network', perimeter: 'contoso-perimeter', profile: 'shop' };
  const scope = azure.addProfile({ ...place, ...behavior });
  azure.assignRole({ objectId: application.objectId, scope, actions: ruleActions });
  return scope;
}
