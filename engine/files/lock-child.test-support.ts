/** Takes a lock whenever told to by a line on standard input, and says what came of it. Arguments: the lock's path. */
import { createInterface } from 'node:readline';
import { acquireLock, type Lock } from './lock.ts';

const [path = ''] = process.argv.slice(2);
let held: Lock | null = null;
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'release') {
    await held?.release();
    held = null;
    process.stdout.write('released\n');
    continue;
  }
  const lock = await acquireLock(path).catch((error: unknown) => ({ error: String(error) }));
  held = 'release' in lock ? lock : null;
  process.stdout.write(held ? 'got it\n' : `${JSON.stringify(lock)}\n`);
}
