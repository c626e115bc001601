/**
 * The access rules of a perimeter's profile: what the service accepts, and what a rule allows. Functions from one state
 * to the next: they do not wait, read a clock or use HTTP.
 */
import ipaddr from 'ipaddr.js';

import type { SystemData } from '../arm/vaults';
import { refuse } from '../http/exchange';

/** The elements of a rule; a rule has exactly one of these lists. */
const ruleLists = ['addressPrefixes', 'subscriptions', 'serviceTags', 'fullyQualifiedDomainNames'] as const;

type RuleProperties = { readonly direction: 'Inbound' | 'Outbound' } & Partial<
  Record<(typeof ruleLists)[number], readonly unknown[]>
>;

export interface AccessRule {
  readonly name: string;
  readonly properties: RuleProperties;
  readonly systemData: SystemData;
}

/** By name in lower case. */
export type AccessRules = ReadonlyMap<string, AccessRule>;

/** Elements of all rules of a profile (MicrosoftDocs/azure-docs, network-security-perimeter-limits.md). */
export const mostElements = 200;

/** Names of perimeters, profiles, rules and associations. */
const nameForm = /^(?=.{1,80}$)([a-zA-Z0-9]+[a-zA-Z0-9_.-]*[a-zA-Z0-9_]+|[a-zA-Z0-9])$/;

/** @throws Refused 400 for a name that a part of a perimeter cannot have. */
export function acceptName(name: string): void {
  if (nameForm.test(name)) return;
  throw refuse(400, 'InvalidResourceName', `Resource name '${name}' is invalid.`);
}

/**
 * The rules with this one, which replaces a rule of the same name.
 *
 * @throws Refused 400 if the profile has no room for it. No source contains the code of that refusal.
 */
export function addRule(rules: AccessRules, rule: AccessRule): AccessRules {
  const next = new Map(rules).set(rule.name.toLowerCase(), rule);
  const elements = [...next.values()].reduce((sum, { properties }) => sum + elementsOf(properties).length, 0);
  if (elements <= mostElements) return next;
  const message = `The profile has ${elements} access rule elements; the maximum is ${mostElements}.`;
  throw refuse(400, 'AccessRuleElementLimitExceeded', message);
}

/** The properties of a rule as a client sends them. @throws Refused 400 for what the service does not accept. */
export function acceptProperties(sent: unknown): RuleProperties {
  const properties = asObject(sent);
  const { direction } = properties;
  if (direction !== 'Inbound' && direction !== 'Outbound') {
    throw badRule(`'direction' has to be Inbound or Outbound, not '${String(direction)}'.`);
  }
  const given = ruleLists.filter((list) => Array.isArray(properties[list]) && properties[list].length > 0);
  const [list] = given;
  if (list === undefined || given.length > 1) {
    throw badRule(`Exactly one of ${ruleLists.join(', ')} has to be given, not ${given.length}.`);
  }
  const elements = properties[list] as readonly unknown[];
  if (list === 'addressPrefixes') acceptPrefixes(elements);
  return { direction, [list]: elements };
}

/** Whether an inbound rule allows this IPv4 address. */
export function admits(rules: AccessRules, address: string): boolean {
  const client = ipaddr.parse(address);
  return [...rules.values()]
    .filter(({ properties }) => properties.direction === 'Inbound')
    .flatMap(({ properties }) => (properties.addressPrefixes ?? []).map((prefix) => ipaddr.parseCIDR(String(prefix))))
    .some(([network, bits]) => network.kind() === client.kind() && client.match(network, bits));
}

/** All elements of a rule. */
export function elementsOf(properties: RuleProperties): readonly unknown[] {
  return ruleLists.flatMap((list) => properties[list] ?? []);
}

function acceptPrefixes(prefixes: readonly unknown[]): void {
  const wrong = prefixes.find((prefix) => typeof prefix !== 'string' || !ipaddr.isValidCIDR(prefix));
  if (wrong !== undefined) throw badRule(`${JSON.stringify(wrong)} is not an address prefix.`);
  const kinds = new Set(prefixes.map((prefix) => ipaddr.parseCIDR(String(prefix))[0].kind()));
  if (kinds.size > 1) throw badRule('A rule takes either IPv4 or IPv6 prefixes, not both.');
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function badRule(problem: string): Error {
  return refuse(400, 'InvalidAccessRule', problem);
}
