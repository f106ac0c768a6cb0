import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where Unroll keeps what it can make again. `UNROLL_CACHE` moves it. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const own = environment['UNROLL_CACHE'];
  if (own !== undefined && own !== '') return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'Unroll');
  if (process.platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Unroll', 'Cache');
  return join(environment['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'unroll');
}
