import { existsSync } from 'node:fs';

export const noChromium = 'no Chromium was found; install one, or set UNROLL_CHROMIUM to its path';

/** The named one, Playwright's own, or the system's; `null` where there is none. */
export function findChromium(playwrights: string): string | null {
  const named = process.env['UNROLL_CHROMIUM'];
  return [named ?? '', playwrights, named ?? '/usr/bin/chromium'].find(existsSync) ?? null;
}
