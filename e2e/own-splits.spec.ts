import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const rows = (word: string, count: number): string =>
  `text,label\n${Array.from({ length: count }, (_unused, i) => `${word} number${i} is fine,${i % 2 === 0 ? 'a' : 'b'}`).join('\n')}\n`;

function writeFiles(folder: string, files: Readonly<Record<string, string>>): string[] {
  mkdirSync(folder);
  return Object.entries(files).map(([name, content]) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  });
}

/** Drops files of these names onto the canvas, as a browser tells of them: without their paths. */
async function drop(page: Page, names: readonly string[]): Promise<void> {
  const dataTransfer = await page.evaluateHandle((dropped) => {
    const transfer = new DataTransfer();
    for (const name of dropped) transfer.items.add(new File(['text'], name));
    return transfer;
  }, names);
  const pane = page.locator('.react-flow__pane');
  await pane.dispatchEvent('dragenter', { dataTransfer });
  await expect(page.getByText('Drop to open')).toBeVisible();
  await pane.dispatchEvent('drop', { dataTransfer });
}

test('files for each split, dropped together, are told apart by their names', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  const folder = join(app.home, 'corpus');
  const paths = writeFiles(folder, { 'train.csv': rows('apple', 20), 'dev.csv': rows('pear', 6), 'test.csv': rows('plum', 8) });
  await drop(
    page,
    paths.map((path) => basename(path)),
  );

  // A browser does not tell their folder.
  const picker = page.getByRole('dialog', { name: 'Where do these 3 files lie?' });
  await expect(picker.getByRole('status')).toContainText('go to the folder of train.csv, dev.csv, test.csv');
  await picker.getByRole('textbox', { name: 'File name or path' }).fill(folder);
  await page.keyboard.press('Enter');
  await expect(picker.getByRole('status')).toHaveText('This is their folder.');
  await accessibleInBothThemes(page, 'where dropped files lie');
  await picker.getByRole('button', { name: 'Open' }).click();

  const dialog = page.getByRole('dialog', { name: 'Which file is for what?' });
  const role = (name: string) => dialog.getByRole('combobox', { name });
  await expect(role('train.csv')).toHaveText('Training');
  await expect(role('dev.csv')).toHaveText('Validation');
  await expect(role('test.csv')).toHaveText('Test');
  await accessibleInBothThemes(page, 'which file is for what');

  // What was recognized can be changed; what cannot be is said.
  await role('dev.csv').click();
  await page.getByRole('option', { name: 'Test' }).click();
  await expect(dialog.getByRole('status')).toHaveText('For test, “dev.csv” and “test.csv” are read as one file, in this order.');
  await role('dev.csv').click();
  await page.getByRole('option', { name: 'Validation' }).click();
  await dialog.getByRole('button', { name: 'Use these files' }).click();

  const report = page.getByRole('region', { name: 'Report' });
  await expect(report).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('train: train.csv · validation: dev.csv · test: test.csv')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Validation file' })).toHaveValue(join(folder, 'dev.csv'));
  await expect(page.getByRole('textbox', { name: 'Test file' })).toHaveValue(join(folder, 'test.csv'));
  await expect(page.getByRole('textbox', { name: 'Test share' })).toHaveCount(0);
  await expect(report).toContainText('20 train, 6 validation, 8 test');
  await accessibleInBothThemes(page, 'data with its own splits');
});

test('files whose names tell nothing, or the same, are asked about; a document is refused', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  const folder = join(app.home, 'corpus');
  writeFiles(folder, { 'a_train.csv': rows('apple', 20), 'b_train.csv': rows('pear', 6), 'notes.csv': rows('plum', 8) });
  await studio.tab('Data');
  await page.getByRole('button', { name: 'Choose files…' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose a data file, or one for each split' });
  const path = picker.getByRole('textbox', { name: 'File name or path' });
  await path.fill(folder);
  await path.press('Enter');
  await picker.getByRole('button', { name: /^a_train/ }).click();
  await picker.getByRole('button', { name: /^b_train/ }).click({ modifiers: ['Control'] });
  await picker.getByRole('button', { name: /^notes/ }).click({ modifiers: ['Control'] });
  await expect(path).toHaveValue('"a_train.csv" "b_train.csv" "notes.csv"');
  await picker.getByRole('button', { name: 'Open' }).click();

  const dialog = page.getByRole('dialog', { name: 'Which file is for what?' });
  const use = dialog.getByRole('button', { name: 'Use these files' });
  const choose = async (file: string, role: string): Promise<void> => {
    await dialog.getByRole('combobox', { name: file }).click();
    await page.getByRole('option', { name: role }).click();
  };
  await expect(dialog.getByRole('status')).toHaveText('Say what “notes.csv” is for.');
  await expect(use).toBeDisabled();
  await choose('notes.csv', 'Test');
  await expect(dialog.getByRole('status')).toContainText('For training, “a_train.csv” and “b_train.csv” are read as one file');
  await choose('b_train.csv', 'Not used');
  await expect(dialog.getByRole('status')).toHaveText('');
  await use.click();
  await expect(page.getByText('train: a_train.csv · test: notes.csv')).toBeVisible();

  await studio.tab('Design');
  await drop(page, ['train.csv', 'mine.unroll.json']);
  await expect(page.getByText('mine.unroll.json is no data file', { exact: true })).toBeVisible();
});

test('files that lie beside a training file are offered, not used unasked', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  const folder = join(app.home, 'corpus');
  const [train = ''] = writeFiles(folder, {
    'Fruit_TRAIN.csv': rows('apple', 20),
    'Fruit_TEST.csv': rows('plum', 8),
    'Trees_TEST.csv': rows('fir', 8),
    'own-dev.csv': rows('pear', 6),
  });
  await studio.attach(train);
  const test = page.getByRole('textbox', { name: 'Test file' });
  await expect(test).toHaveValue('');
  const offer = page.getByRole('status').filter({ hasText: 'Beside this file' });
  await expect(offer).toContainText('Beside this file lies “Fruit_TEST.csv” (test)');
  await accessibleInBothThemes(page, 'files beside are offered');
  await offer.getByRole('button', { name: 'Use it' }).click();
  await expect(test).toHaveValue(join(folder, 'Fruit_TEST.csv'));
  await expect(offer).toHaveCount(0);

  await page.getByRole('button', { name: 'Choose the validation file' }).click();
  const picker = page.getByRole('dialog', { name: 'Choose the validation file' });
  await picker.getByRole('textbox', { name: 'File name or path' }).fill(join(folder, 'own-dev.csv'));
  await page.keyboard.press('Enter');
  await expect(page.getByRole('textbox', { name: 'Validation file' })).toHaveValue(join(folder, 'own-dev.csv'));

  // Emptied, it is cut from the training file again, and no longer offered once it was refused.
  await page.getByRole('textbox', { name: 'Validation file' }).fill('');
  await page.keyboard.press('Enter');
  await test.fill('');
  await page.keyboard.press('Enter');
  await offer.getByRole('button', { name: 'No' }).click();
  await expect(offer).toHaveCount(0);
  await expect(test).toHaveValue('');
});

test('the parts of one file are offered, and read as one', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.newDocument();
  const folder = join(app.home, 'corpus');
  const [, middle = ''] = writeFiles(folder, {
    'train-00000-of-00003.csv': rows('apple', 20),
    'train-00001-of-00003.csv': rows('pear', 20),
    'train-00002-of-00003.csv': rows('plum', 20),
    'test-00000-of-00001.csv': rows('fig', 8),
  });
  await studio.attach(middle);
  await expect(page.getByText('“train-00001-of-00003.csv” is a part of a file in 3: one of these is read.')).toBeVisible();
  const offer = page.getByRole('status').filter({ hasText: 'Beside this file' });
  await expect(offer).toContainText('Beside this file lie 2 further parts of it and “test-00000-of-00001.csv” (test)');
  await offer.getByRole('button', { name: 'Use them' }).click();
  const dialog = page.getByRole('dialog', { name: 'Which file is for what?' });
  await expect(dialog.getByRole('status')).toContainText('“train-00002-of-00003.csv” are read as one file, in this order.');
  await accessibleInBothThemes(page, 'parts of one file');
  await dialog.getByRole('button', { name: 'Use these files' }).click();
  await expect(page.getByText('train: train-00000-of-00003.csv and 2 more · test: test-00000-of-00001.csv')).toBeVisible();
  await expect(page.getByRole('region', { name: 'Report' })).toContainText('54 train, 6 validation, 8 test', { timeout: 30_000 });
  await expect(offer).toHaveCount(0);
});
