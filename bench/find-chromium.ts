import { existsSync } from 'node:fs';
import type { Browser, BrowserType } from '@playwright/test';

export const noChromium = 'no Chromium was found; install one, or set UNROLL_CHROMIUM to its path';

/** The named one, Playwright's own, or the system's; `null` where there is none. */
export function findChromium(playwrights: string): string | null {
  const named = process.env['UNROLL_CHROMIUM'];
  return [named ?? '', playwrights, named ?? '/usr/bin/chromium'].find(existsSync) ?? null;
}

/** Opens it for a measurement. @throws Error where there is none */
export async function launchChromium(playwrights: BrowserType): Promise<Browser> {
  const executablePath = findChromium(playwrights.executablePath());
  if (executablePath === null) throw new Error(noChromium);
  return playwrights.launch({ executablePath, args: ['--no-sandbox', '--disable-quic', '--no-first-run'] });
}
