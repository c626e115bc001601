export const missingPolicies = ['fail', 'warn', 'ignore'] as const;

/** What happens when a named secret is missing. */
export type MissingPolicy = (typeof missingPolicies)[number];
