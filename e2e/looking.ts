import { readFileSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { Studio } from './studio.ts';

/** A map of units × steps. */
export const unitMap = (page: Page) => page.getByRole('application', { name: /units × steps/ });

/** CSS px by which the page is wider than its window. */
export const sideways = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Waits until the window has the theme. */
export async function inTheme(page: Page, colorScheme: 'dark' | 'light'): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme);
}

/** Trains the network that is open, a little. */
export async function trainedALittle(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(1, 1000);
  await studio.train();
  await studio.trained();
  return studio;
}

/** What the figure of that name saves, by the item of its menu. */
export async function savedFigure(page: Page, name: string | RegExp, item: string): Promise<Buffer> {
  await page.getByRole('button', { name }).click();
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: item }).click();
  return readFileSync(await (await download).path());
}

/** Trains it and looks into it. */
export async function lookedInto(page: Page): Promise<Studio> {
  const studio = await trainedALittle(page);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(unitMap(page)).toBeVisible({ timeout: 60_000 });
  return studio;
}
