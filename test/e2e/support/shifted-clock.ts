import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The environment of an agent whose wall clock is this many hours ahead; Azure has its own clock. */
export function shiftedClock(hours: number): Record<string, string> {
  return {
    PATH: process.env.PATH ?? '',
    HOME: process.env.HOME ?? '',
    NODE_OPTIONS: `--import ${pathToFileURL(join(__dirname, 'shifted-clock.mjs')).href}`,
    TEST_CLOCK_SHIFT_HOURS: String(hours),
  };
}
