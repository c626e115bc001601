import type { SecretsInputs } from '../settings';
import { skipMessages as reasons } from '../messages/report';
import { matchSource } from './pattern';
import { isPattern, type Exclusion, type Rule } from '../rules/rule';
import { fulfilsTags } from './tag-condition';
import { expiredAction, sideOfValidity } from './validity';
import type { SecretProperties } from '../ports';

/** A secret that a rule selects. */
export interface Selected {
  readonly rule: Rule;
  readonly vault: string;
  readonly name: string;
  /** The text that replaces the target's `*`. */
  readonly star: string;
  /** Whether a pattern found it in a listing, as opposed to a rule that names it. */
  readonly fromListing: boolean;
}

/** What the patterns found in one vault, with the counts for the log. */
export interface Selection {
  readonly vault: string;
  readonly listed: number;
  readonly matched: number;
  readonly excluded: number;
  /** How many matched secrets were skipped, by reason. */
  readonly skipped: ReadonlyMap<string, number>;
  readonly selected: readonly Selected[];
  /** Rules that matched nothing here. */
  readonly unmatched: readonly Rule[];
}

/** The inputs of the step that selecting needs, and the time in milliseconds since 1970. */
export type SelectionPolicy = Pick<SecretsInputs, 'tagFilter' | 'includeCertificates' | 'expiredSecrets'> & {
  readonly now: number;
};

/** The rules that need a vault's listing. */
export function patternsFor(rules: readonly Rule[], vault: string): readonly Rule[] {
  return rules.filter((rule) => isPattern(rule) && holdsFor(rule, vault));
}

/** The rules that name a secret, each with every vault to search. A name does not need the permission to list. */
export function selectNamed(rules: readonly Rule[], vaults: readonly string[]): readonly Selected[] {
  return rules
    .filter((rule) => !isPattern(rule))
    .flatMap((rule) => {
      const name = rule.source.text;
      const places = vaults.filter((vault) => holdsFor(rule, vault));
      return places.map((vault) => ({ rule, vault, name, star: name, fromListing: false }));
    });
}

/** How the secrets of one vault are selected from its listing. */
export interface ListingRules {
  readonly vault: string;
  readonly patterns: readonly Rule[];
  readonly exclusions: readonly Exclusion[];
  readonly policy: SelectionPolicy;
}

/** The result for one listed secret; `selected` is empty if it is excluded or skipped. */
export interface Considered {
  readonly properties: SecretProperties;
  readonly matching: readonly Rule[];
  readonly excluded: boolean;
  /** Why it is skipped, if it is. */
  readonly reason?: string;
  readonly selected: readonly Selected[];
}

/** Applies patterns, exclusions, tag filter and policies to one secret of a vault's listing. */
export function considerListed(
  properties: SecretProperties,
  { vault, patterns, exclusions, policy }: ListingRules,
): Considered {
  const { name } = properties;
  const found = patterns.flatMap((rule) => {
    const match = matchSource(rule.source, name);
    return match === undefined ? [] : [{ rule, vault, name, star: match.star, fromListing: true }];
  });
  const matching = found.map(({ rule }) => rule);
  const excluded = exclusions.some(
    (exclusion) => holdsFor(exclusion, vault) && matchSource(exclusion.source, name) !== undefined,
  );
  const reason = reasonToSkip(properties, policy);
  const selected = excluded || reason !== undefined ? [] : found;
  return { properties, matching, excluded, selected, ...(reason === undefined ? {} : { reason }) };
}

/** What the patterns found in one vault, from the results for all secrets of its listing. */
export function summarizeListing(considered: readonly Considered[], { vault, patterns }: ListingRules): Selection {
  const matched = considered.filter(({ matching }) => matching.length > 0);
  const skipped = new Map<string, number>();
  for (const { excluded, reason } of matched) {
    if (!excluded && reason !== undefined) skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  }
  const used = new Set(matched.flatMap(({ matching }) => matching));
  return {
    vault,
    listed: considered.length,
    matched: matched.length,
    excluded: matched.filter(({ excluded }) => excluded).length,
    skipped,
    selected: matched.flatMap(({ selected }) => selected),
    unmatched: patterns.filter((rule) => !used.has(rule)),
  };
}

function reasonToSkip(properties: SecretProperties, policy: SelectionPolicy): string | undefined {
  if (properties.managed && !policy.includeCertificates) return reasons.certificate;
  if (!fulfilsTags(properties.tags, policy.tagFilter)) return reasons.otherTags;
  if (!properties.enabled) return reasons.disabled;
  if (expiredAction(policy.expiredSecrets, true) !== 'skip') return undefined;
  const outside = sideOfValidity(properties, policy.now);
  return outside === undefined ? undefined : reasons[outside.side];
}

function holdsFor({ vault }: { readonly vault?: string }, name: string): boolean {
  return vault === undefined || vault === name;
}

/** Keys and indexes to a rule's field, up to the first star. */
export function fixedFields({ field = [] }: Rule): readonly string[] {
  return field.flatMap((step) =>
    step.kind === 'key' ? [step.key] : step.kind === 'index' ? [String(step.index)] : [],
  );
}
