import { existsSync } from 'node:fs';
import { isAbsolute, resolve, win32 } from 'node:path';

/**
 * The file that a name written on any system means here: relative names start at `folder`, and where no file has a `\` in its own name,
 * `\` separates folders as Windows writes it.
 */
export function resolveNamed(folder: string, name: string): string {
  const exact = resolve(folder, name);
  if (!name.includes('\\') || isForeign(name) || existsSync(exact)) return exact;
  return resolve(folder, name.replaceAll('\\', '/'));
}

/** Whether a name starts at a drive or a server of Windows, which another system does not have. */
export const isForeign = (name: string): boolean => win32.isAbsolute(name) && !isAbsolute(name) && /^([a-z]:|\\\\)/i.test(name);

/** Whether a name starts at the root of this or another system, and so means the same wherever the file lies that has it. */
export const isAbsoluteName = (name: string): boolean => isAbsolute(name) || isForeign(name);
