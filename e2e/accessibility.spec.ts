import { accessible, accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('no screen has accessibility problems in either theme', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const check = async (screen: string): Promise<void> => {
    await accessibleInBothThemes(page, screen);
    // As at 400 % zoom: another layout of the same screen, in the same colours of the theme.
    await page.setViewportSize({ width: 320, height: 640 });
    await accessible(page, `${screen}, narrow`);
    await page.setViewportSize({ width: 1280, height: 800 });
  };

  await check('design');
  await page.setViewportSize({ width: 320, height: 640 });
  for (const drawer of ['layers', 'inspector']) {
    await page.getByRole('button', { name: `Show the ${drawer}` }).click();
    await accessibleInBothThemes(page, `drawer of the ${drawer}`);
  }
  await page.setViewportSize({ width: 1280, height: 800 });
  await studio.node('Embedding').click();
  await check('inspector of a node');
  await page.keyboard.press('Control+k');
  await check('command palette');
  await page.keyboard.press('Escape');
  await studio.shorten(1, 1000);
  await studio.tab('Data');
  await expect(page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 30_000 });
  await check('data');
  await studio.tab('Design');
  await studio.train();
  await studio.trained();
  await check('trained');
  await studio.training.getByRole('radio', { name: 'Examples' }).click();
  await check('examples');
  await studio.tab('Runs');
  await check('runs');
  await studio.tab('Playground');
  await page.getByRole('textbox', { name: 'Type a word' }).fill('banana');
  await expect(page.getByRole('region', { name: 'Prediction' }).getByText(/%/).first()).toBeVisible();
  await check('playground');
  await page.getByRole('button', { name: 'Export', exact: true }).first().click();
  await expect(page.getByRole('dialog').getByText('model.py').first()).toBeVisible();
  await check('export');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: /New from template/ }).click();
  await expect(page.getByRole('button', { name: /^Open template/ }).first()).toBeVisible();
  await check('templates');
});
