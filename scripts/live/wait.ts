import { setTimeout } from 'node:timers/promises';

/** The maximum duration of one of Azure's delays. */
const limit = 15 * 60_000;

/**
 * Checks once a second until the answer is as expected several times in a row. Returns the milliseconds until the first
 * of these answers.
 *
 * @throws Error with the expected result after a quarter of an hour.
 */
export async function waitUntil(
  what: string,
  isTrue: () => Promise<boolean>,
  { times = 1, signal }: { readonly times?: number; readonly signal: AbortSignal },
): Promise<number> {
  const started = performance.now();
  let since: number | undefined;
  for (let inRow = 0; inRow < times;) {
    const asked = performance.now();
    if (await isTrue()) {
      since ??= asked;
      inRow += 1;
    } else {
      since = undefined;
      inRow = 0;
    }
    if (asked - started > limit) throw new Error(`Waited for 15 minutes: ${what}`);
    if (inRow < times) await setTimeout(1000, undefined, { signal });
  }
  return Math.round((since ?? started) - started);
}
