import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('the gallery shows each network in small, what it teaches and costs, and finds by words', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: /New from template/ }).click();
  const dialog = page.getByRole('dialog', { name: 'New from template' });
  const cards = dialog.getByRole('button', { name: /^Open template/ });
  await expect(cards.first()).toBeVisible();
  const syllables = dialog.getByRole('button', { name: 'Open template Count syllables' });
  // One card on the picture for each layer of the graph.
  await expect(syllables.locator('svg rect')).toHaveCount(5);
  await expect(syllables).toContainText('BiGRU 48 · about 12 s of processor time');
  await accessibleInBothThemes(page, 'gallery');
  await page.screenshot({ path: 'test-results/gallery.png' });
  const search = dialog.getByRole('searchbox', { name: 'Find a template' });
  // Who opens the gallery may type what is looked for.
  await expect(search).toBeFocused();
  await page.keyboard.type('no such words');
  await expect(dialog.getByText('No template has these words.')).toBeVisible();
  await search.fill('beam search');
  await expect(cards).toHaveCount(1);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await expect(dialog).toBeHidden();
  await expect(studio.node('Decoder')).toBeVisible();
});
