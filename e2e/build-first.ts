import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The tests drive what `npm start` serves: built from the sources as they are now. */
export default function buildFirst(): void {
  const script = "import('./scripts/build.mjs').then((build) => build.buildStale())";
  const built = spawnSync(process.execPath, ['-e', script], { cwd: join(import.meta.dirname, '..'), stdio: 'inherit' });
  if (built.status !== 0) throw new Error('the app could not be built');
}
