import { createAzureKeys, type AzureKeys } from '../simulation/azure/keys';
import type { Scenarios } from './scenarios';

/**
 * The same scenarios, with one set of keys and certificates for all of their Azures: making one takes longer than most
 * scenarios. To be called where a file's hooks are.
 */
export function withSharedKeys(scenarios: Scenarios): Scenarios {
  const made: { keys?: AzureKeys } = {};
  before(async () => {
    made.keys = await createAzureKeys();
  });
  return Object.fromEntries(
    Object.entries(scenarios).map(([title, scenario]) => {
      const { with: options, play } = typeof scenario === 'function' ? { with: {}, play: scenario } : scenario;
      // Asked for when the scenario begins, which is after the hook.
      const shared = Object.defineProperty({ ...options }, 'keys', { get: () => made.keys });
      return [title, { with: shared, play }];
    }),
  );
}
