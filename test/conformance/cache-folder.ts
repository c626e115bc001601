import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where what the suite runs against is kept, so that it is built or installed once: a folder of the user's cache. */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const cache = environment.XDG_CACHE_HOME ?? join(homedir(), '.cache');
  return join(cache, 'pipeline-tasks-for-azure-key-vault', 'conformance');
}
