import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { onDisk } from './on-disk.ts';

/** Node-API's headers: from a package, so that compiling an addon downloads nothing. */
export function nodeHeaders(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(onDisk(require.resolve('node-api-headers/package.json'))), 'include');
}
