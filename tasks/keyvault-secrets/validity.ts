import type { ExpiredPolicy } from './inputs';
import type { SecretProperties } from './vault';

const day = 86_400_000;

/**
 * Why a secret is outside its validity window at `now` (milliseconds since 1970), or `undefined` inside it. `exp` and
 * `nbf` are informational: the vault serves the value all the same (Azure Key Vault REST: secret attributes).
 */
export function outsideValidity({ notBefore, expires }: SecretProperties, now: number): string | undefined {
  if (expires !== undefined && expires <= now) return `expired on ${isoDay(expires)}`;
  if (notBefore !== undefined && notBefore > now) return `not valid before ${isoDay(notBefore)}`;
  return undefined;
}

/** A notice that a secret expires within `days`; `undefined` when it does not, or has expired, or `days` is 0. */
export function expiresSoon({ expires }: SecretProperties, now: number, days: number): string | undefined {
  if (expires === undefined || expires <= now || days === 0 || expires - now > days * day) return undefined;
  const left = Math.ceil((expires - now) / day);
  return `expires on ${isoDay(expires)}, in ${left} ${left === 1 ? 'day' : 'days'}`;
}

/** What the policy does to a secret outside its window. `auto`: a pattern skips it, a name uses it with a warning. */
export function expiredAction(policy: ExpiredPolicy, isPattern: boolean): Exclude<ExpiredPolicy, 'auto'> {
  if (policy !== 'auto') return policy;
  return isPattern ? 'skip' : 'warn';
}

/** A moment's day in UTC, `2026-01-31`; a moment no calendar has is shown as its number. */
export function isoDay(moment: number): string {
  const date = new Date(moment);
  return Number.isNaN(date.getTime()) ? String(moment) : date.toISOString().slice(0, 10);
}
