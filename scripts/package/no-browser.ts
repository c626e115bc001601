/**
 * Replaces the package `open` in the bundles: @azure/identity uses it to sign in with a browser, which no task does and
 * no agent has.
 */
export default function openBrowser(): Promise<never> {
  return Promise.reject(new Error('There is no browser on an agent.'));
}
