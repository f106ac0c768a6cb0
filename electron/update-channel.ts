import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Why this copy has no place to get updates from, or `null`. A package knows its place from `app-update.yml`, which names the repository
 * that the package was built in; one built elsewhere names none.
 */
export function noUpdateChannel(packaged: boolean, resources: string): string | null {
  if (!packaged) return 'Unroll runs from a checkout here: update it with git.';
  try {
    if (/^(owner|url): *\S/m.test(readFileSync(join(resources, 'app-update.yml'), 'utf8'))) return null;
  } catch {
    // Told below.
  }
  return 'This copy was built without a place to get updates from.';
}
