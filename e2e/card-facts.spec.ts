import type { Locator } from '@playwright/test';
import { factsHeight } from '../renderer/canvas/port-places.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('an input shows its file and first example, a head its figures while it trains and whose they are', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  const input = studio.node('Tokens');
  const head = page.locator('.react-flow__node').filter({ has: page.getByRole('region', { name: /^Figures/ }) });
  await expect(input).toContainText('syllables template');
  // A word as the model reads it: letter by letter.
  await expect(input.locator('.card-facts__sample')).toHaveText(/^\S( \S)*$/);
  await input.locator('.card-facts__sample').hover();
  await expect(page.getByRole('tooltip')).toContainText('First example');
  await expect(head).toContainText('Not trained yet');

  await test.step('they take the room that the canvas reckons with for cards that are not drawn', async () => {
    const height = (node: Locator): Promise<number> =>
      node.locator('.card-facts').evaluate((element) => (element as HTMLElement).offsetHeight);
    expect(await height(input)).toBe(factsHeight.input);
    expect(await height(head)).toBe(factsHeight.head);
  });

  await test.step('figures follow the training', async () => {
    await studio.shorten(500, 3000);
    await studio.train();
    await expect(head).toContainText(/training loss\d\.\d+/);
    await expect(head).toContainText('best · epoch');
    await studio.training.getByRole('button', { name: 'Stop training' }).click({ timeout: 60_000 });
    await studio.trained();
    await expect(head).toContainText(/accuracy\d+\.\d %validation loss\d\.\d+best · epoch \d+\.\d %/);
  });

  await test.step('of another graph they say so; they are its own again when the change is undone, and after a reload', async () => {
    await studio.node('GRU cell').click();
    await page.getByRole('textbox', { name: 'Width' }).fill('20');
    await page.keyboard.press('Enter');
    await expect(head).toContainText('of an earlier graph');
    await studio.node('GRU cell').focus();
    await page.keyboard.press('Control+z');
    await expect(head).toContainText('best · epoch');
    await page.reload();
    await expect(head).toContainText(/best · epoch \d+\.\d %/);
  });
});

test('an input without data offers to choose some', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  await studio.addLayers([['Numeric series', 120, 90]]);
  await studio.node('Numeric series').getByRole('button', { name: 'Choose data' }).click();
  await expect(page.getByRole('dialog', { name: /Choose a data file/ })).toBeVisible();
});
