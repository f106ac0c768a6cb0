import { expect, type Page } from '@playwright/test';
import { Studio } from './studio.ts';

/** A map of units × steps. */
export const unitMap = (page: Page) => page.getByRole('application', { name: /units × steps/ });

/** Trains the network that is open, a little. */
export async function trainedALittle(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(1, 1000);
  await studio.train();
  await studio.trained();
  return studio;
}

/** Trains it and looks into it. */
export async function lookedInto(page: Page): Promise<Studio> {
  const studio = await trainedALittle(page);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(unitMap(page)).toBeVisible({ timeout: 60_000 });
  return studio;
}
