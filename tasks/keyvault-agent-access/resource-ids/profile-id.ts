/** Of Microsoft.Network (Azure/azure-rest-api-specs, networkSecurityPerimeter.json). */
export const perimeterApiVersion = '2025-05-01';

/** The profile of a network security perimeter, by its resource id. */
export interface ProfileId {
  /** The whole id, as given. */
  readonly id: string;
  readonly subscription: string;
  readonly group: string;
  readonly perimeter: string;
  readonly profile: string;
  /** `perimeter/profile`, as the user reads it. */
  readonly title: string;
}

/** Azure's rule for the names of perimeters, profiles and rules. */
const name = '(?=[^/]{1,80}(?:/|$))[a-z0-9](?:[a-z0-9_.-]*[a-z0-9_])?';
/** Azure's rule for resource groups, which allows more than ASCII; what could end a path or begin a query is not in it. */
const group = String.raw`[\p{L}\p{N}_().-]{1,89}[\p{L}\p{N}_()-]`;
const form = new RegExp(
  `^/subscriptions/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/resourceGroups/(${group})` +
    `/providers/Microsoft\\.Network/networkSecurityPerimeters/(${name})/profiles/(${name})(?:/accessRules/(${name}))?$`,
  'iu',
);

/** `undefined` for any text that is not the resource id of a profile, and nothing after it. */
export function parseProfileId(text: string): ProfileId | undefined {
  const rule = parseRuleId(text);
  return rule === undefined || rule.name !== undefined ? undefined : rule.profile;
}

/** A profile, and the rule in it if the id is a rule's. */
interface RuleId {
  readonly profile: ProfileId;
  readonly name: string | undefined;
}

/** `undefined` for any text that is the resource id neither of a profile nor of an access rule. */
export function parseRuleId(text: string): RuleId | undefined {
  const [, subscription, resourceGroup, perimeter, profile, rule] = form.exec(text) ?? [];
  if (subscription === undefined || resourceGroup === undefined || perimeter === undefined || profile === undefined) {
    return undefined;
  }
  const id = rule === undefined ? text : text.slice(0, -`/accessRules/${rule}`.length);
  return {
    profile: { id, subscription, group: resourceGroup, perimeter, profile, title: `${perimeter}/${profile}` },
    name: rule,
  };
}

/** The resource id of a rule of a profile. */
export function ruleIdOf(profileId: string, rule: string): string {
  return `${profileId}/accessRules/${rule}`;
}

/** The Azure CLI command that removes a rule by hand; unlike `az network perimeter`, it needs no extension of the CLI. */
export function removingCommand(ruleId: string): string {
  return `az resource delete --ids ${ruleId} --api-version ${perimeterApiVersion}`;
}
