import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a run that learns few words by heart says so; with one click the next one stops early', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(40, 200);
  const rate = page.getByRole('textbox', { name: 'Learning rate' });
  await rate.fill('0.02');
  await rate.press('Enter');
  await studio.train();
  await studio.trained();
  const note = studio.training.getByText(/it learns the training split by heart/);
  const fix = studio.training.getByRole('button', { name: 'Stop early next time' });
  await expect(note).toBeVisible();
  await expect(studio.training.getByText(/epoch 40 of 40/)).toBeVisible();
  await fix.click();
  await expect(fix).toHaveCount(0);
  await studio.training.getByRole('button', { name: 'Train anew' }).click();
  await expect(page.getByRole('tab', { name: 'Runs' })).toContainText('2');
  await studio.trained();
  await studio.tab('Runs');
  const newest = page.locator('tr[data-run]').first();
  await expect(newest).toContainText('early stopping patience 3');
  await expect(newest).toContainText('done');
  await studio.tab('Design');
  await expect(studio.training.getByText(/epoch 40 of 40/)).toHaveCount(0);
  await expect(studio.training.getByText(/done, stopped early · epoch \d+ of 40/)).toBeVisible();
  await expect(
    studio.training.getByText(/Early stopping ended this run after epoch \d+ of 40.* no lower in the 3 evaluations/),
  ).toBeVisible();
  await expect(note).toHaveCount(0);
});
