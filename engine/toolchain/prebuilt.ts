import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onDisk } from './on-disk.ts';

/**
 * What a package carries compiled (`scripts/prebuild-native.mjs` puts it there), so that its user needs no compiler.
 *
 * @param key of the distribution that it was compiled for
 * @param file within the prepared runtime's folder
 * @returns its path, or `null` where there is none: in a checkout, and in a package made without it
 */
export function prebuilt(key: string, file: string): string | null {
  const inPackage = fileURLToPath(new URL('../../dist/native', import.meta.url));
  const path = join(onDisk(inPackage), key, file);
  // A checkout that a package has been made in has the folder too, but compiles its own.
  return onDisk(inPackage) !== inPackage && existsSync(path) ? path : null;
}
