import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a table of one token a row is shown as sentences, and as rows where that is chosen', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  const path = join(app.home, 'ner.csv');
  const rows = Array.from({ length: 60 }, (_unused, i) => `${i % 3 ? '' : `Sentence: ${i / 3}`},w${i},${i % 2 ? 'O' : 'B'}`);
  writeFileSync(path, `Sentence #,Word,Tag\n${rows.join('\n')}\n`);
  await studio.attach(path);
  const first = page.getByRole('region', { name: 'First rows' });
  const choice = page.getByRole('combobox', { name: 'Rows of one token' });
  await expect(choice).toHaveText('By “Sentence #”');
  await expect(first.getByRole('cell', { name: 'w0 w1 w2', exact: true })).toBeVisible();
  await choice.click();
  await page.getByRole('option', { name: 'Each an example' }).click();
  await expect(choice).toHaveText('Each an example');
  await expect(first.getByRole('cell', { name: 'w1', exact: true })).toBeVisible();
  await choice.click();
  await page.getByRole('option', { name: 'By “Sentence #”' }).click();
  await expect(first.getByRole('cell', { name: 'w0 w1 w2', exact: true })).toBeVisible();
});
