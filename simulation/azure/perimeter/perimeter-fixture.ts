import type { ContosoSite } from '../contoso';

/** The actions with which a pipeline may keep access rules in a profile, and nothing more. */
export const ruleActions = ['read', 'write', 'delete'].map(
  (action) => `Microsoft.Network/networkSecurityPerimeters/profiles/accessRules/${action}`,
);

/** Gives Contoso a perimeter with one profile, to whose rules its application has the rights. Returns the profile's id. */
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
