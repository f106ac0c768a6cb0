import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a file of word vectors is chosen with the file picker, and training says what it holds', async ({ window: page, app }) => {
  const studio = new Studio(page);
  await studio.node('Embedding').click();
  const width = Number(await page.getByRole('textbox', { name: 'Width' }).inputValue());
  const vectors = join(app.home, 'letters.vec');
  writeFileSync(vectors, ['a', 'b', 'c'].map((letter) => `${letter} ${'0.5 '.repeat(width).trim()}\n`).join(''));

  await page.getByRole('button', { name: 'Choose… Word vectors' }).click();
  const dialog = page.getByRole('dialog', { name: 'Word vectors' });
  await dialog.getByRole('textbox', { name: 'File name or path' }).fill(vectors);
  await page.keyboard.press('Enter');
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole('textbox', { name: 'Word vectors' })).toHaveValue(vectors);

  await studio.trainButton().click();
  await expect(studio.training.getByText(/letters\.vec has vectors for 3 of \d+ tokens/)).toBeVisible({ timeout: 60_000 });

  // Cancelled, it changes nothing.
  await page.getByRole('button', { name: 'Choose… Word vectors' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('textbox', { name: 'Word vectors' })).toHaveValue(vectors);
});
