import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a cell of one’s own is written, its mistake is told with its line, and it trains', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.addLayers([['Custom cell', 120, 420]]);
  await studio.wire(studio.node('Custom cell'), 'cell', studio.node('Bidirectional'), 'cell');
  await studio.node('Custom cell').click();
  const settings = page.getByRole('region', { name: 'Settings' });
  const equations = settings.getByRole('textbox', { name: 'Equations' });
  await expect(equations).toHaveValue(/Minimal gated unit/);
  await settings.getByRole('combobox', { name: 'Start from' }).click();
  await page.getByRole('option', { name: 'JANET' }).click();
  await expect(equations).toHaveValue(/sigmoid\(s - 1\)/);
  await studio.command('Undo');
  await expect(equations).toHaveValue(/Minimal gated unit/);
  await equations.fill("f = sigmoid(W_f x + U_f h + b_f)\nh' = f * h + (1 - f) * tanh(W_n x + n)");
  await expect(page.getByText('line 2, column 37: no value is called n', { exact: false }).first()).toBeVisible();
  await equations.fill("f = sigmoid(W_f x + U_f h + b_f)\nh' = f * h + (1 - f) * tanh(W_n x + b_n)");
  await expect(page.getByText('no value is called n', { exact: false })).toHaveCount(0);
  await expect(page.getByRole('region', { name: 'Equations' }).locator('.katex').first()).toBeVisible();
  await studio.shorten(1, 300);
  await studio.train();
  await studio.trained();
  await expect(studio.training.getByText(/done · epoch 1 of 1/)).toBeVisible();
});
