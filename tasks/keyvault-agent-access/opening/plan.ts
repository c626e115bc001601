import type { ProfileId } from '../resource-ids/profile-id';
import type { VaultState } from '../protocol/vault-state';

/** What opening one vault for this agent takes; nothing has been changed yet. */
export type Plan = (
  | { readonly kind: 'nothing' }
  /** IP rules of the vault's own firewall. */
  | { readonly kind: 'firewall'; readonly state: VaultState; readonly networks: readonly string[] }
  /** An access rule of the profile of a network security perimeter. */
  | { readonly kind: 'perimeter'; readonly profile: ProfileId; readonly networks: readonly string[] }
) & {
  /** Carries the plan out. Returns the allowed networks; none when nothing had to be done. */
  readonly open: () => Promise<readonly string[]>;
};

/** The reason is in the log already. */
export const nothingToDo: Plan = { kind: 'nothing', open: () => Promise.resolve([]) };
