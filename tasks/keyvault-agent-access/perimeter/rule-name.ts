/** What the name of an access rule says: whose it is, and until when. */
interface RuleName {
  /** Milliseconds since 1970, to the second. */
  readonly expires: number;
  /** The step whose rule it is: six characters of `0-9a-z`. */
  readonly leaseId: string;
}

/** People who look at the profile recognize it. Only rules with such a name are ever removed. */
const form = /^akv-([0-9a-z]{6,7})-([0-9a-z]{6})$/;

/** The name of a rule; 17 characters of the 80 that Azure allows. */
export function toRuleName({ expires, leaseId }: RuleName): string {
  return `akv-${Math.ceil(expires / 1000).toString(36)}-${leaseId}`;
}

/** `undefined` for the name of a rule that this task has not made. */
export function parseRuleName(name: string): RuleName | undefined {
  const [, seconds, leaseId] = form.exec(name) ?? [];
  return seconds === undefined || leaseId === undefined
    ? undefined
    : { expires: Number.parseInt(seconds, 36) * 1000, leaseId };
}

/** Allows for differences between Azure's clocks, and for the time from a job's last step to its post-job step. */
const tolerance = 5 * 60_000;

/** True for a rule of a job that must have ended without removing it. `azureTime`: milliseconds since 1970. */
export function isExpired(name: string, azureTime: number): boolean {
  const parsed = parseRuleName(name);
  return parsed !== undefined && parsed.expires + tolerance < azureTime;
}

/** True for a rule of this step, of an earlier attempt too. */
export function isOwn(name: string, leaseId: string): boolean {
  return parseRuleName(name)?.leaseId === leaseId;
}
