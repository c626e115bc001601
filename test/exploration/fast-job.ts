import type { JobPlan } from './job';

/** A job that starts at any moment of some seconds and does nothing but open, hold and close. */
export function fastJob(name: string, address: string, hold: number): JobPlan {
  return {
    ...{ name, addresses: [address], hold, skew: 0, start: { least: 0, most: 12_000 } },
    settings: { networks: [`${address}/32`], leased: true, leaseMinutes: 390, waitForAccess: false },
  };
}
