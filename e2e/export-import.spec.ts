import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { findOnnx } from '../engine/export/onnx/find-onnx.ts';
import { encodeSafetensors, type NamedTensor } from '../engine/files/safetensors.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.setTimeout(300_000);

/** Names and shapes of a stock tagger. */
const tagger = {
  'embedding.weight': [20, 6],
  'fc.bias': [3],
  'fc.weight': [3, 10],
  'lstm.bias_hh_l0': [20],
  'lstm.bias_hh_l0_reverse': [20],
  'lstm.bias_ih_l0': [20],
  'lstm.bias_ih_l0_reverse': [20],
  'lstm.weight_hh_l0': [20, 5],
  'lstm.weight_hh_l0_reverse': [20, 5],
  'lstm.weight_ih_l0': [20, 6],
  'lstm.weight_ih_l0_reverse': [20, 6],
};

/** Two recurrent layers of one width, which fit in either order. */
const eitherOrder = {
  'embedding.weight': [20, 5],
  ...Object.fromEntries(
    ['first', 'second'].flatMap((name) => [
      [`${name}.weight_ih_l0`, [5, 5]],
      [`${name}.weight_hh_l0`, [5, 5]],
      [`${name}.bias_ih_l0`, [5]],
      [`${name}.bias_hh_l0`, [5]],
    ]),
  ),
  'fc.weight': [3, 5],
  'fc.bias': [3],
};

/** A state dict as PyTorch saves it, with numbers that are not all alike. */
function writeStateDict(path: string, shapes: Readonly<Record<string, readonly number[]>>): void {
  const tensors = Object.entries(shapes).map(([name, shape]): [string, NamedTensor] => {
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + name.length));
    return [name, { dtype: 'F32', shape, data }];
  });
  writeFileSync(path, encodeSafetensors(new Map(tensors)));
}

/** What the playground says of a word. */
async function predictionOf(page: Page, studio: Studio, word: string): Promise<string> {
  await studio.tab('Playground');
  await page.getByRole('textbox', { name: 'Type a word' }).fill(word);
  const prediction = page.getByRole('region', { name: 'Prediction' });
  await expect(prediction.getByText(/%/).first()).toBeVisible();
  return prediction.innerText();
}

test('a trained model leaves as PyTorch and as ONNX, comes back with its weights, and trains on', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(1, 2000);
  await studio.train();
  await studio.trained();
  const before = await predictionOf(page, studio, 'banana');
  const folder = join(app.home, 'model pytorch');

  await test.step('export', async () => {
    await studio.exportTo(folder, 'PyTorch');
    const onnxFolder = join(app.home, 'model onnx');
    await studio.exportTo(onnxFolder, 'ONNX');
    expect(readdirSync(onnxFolder).sort()).toEqual([
      'README.md',
      'golden.json',
      'model.onnx',
      'parity.py',
      'parity_predictions.py',
      'test_parity.py',
      'vocabulary.json',
    ]);
    const onnx = findOnnx();
    if ('python' in onnx) execFileSync(onnx.python, ['test_parity.py'], { cwd: onnxFolder, encoding: 'utf8' });
    else if (process.env['UNROLL_REQUIRE_ALL'] === '1') throw new Error(onnx.reason);
  });

  await test.step('import', async () => {
    await page.getByRole('button', { name: 'File menu' }).click();
    await page.getByRole('menuitem', { name: 'Import a PyTorch model' }).click();
    await page.getByRole('textbox', { name: 'File name or path' }).fill(folder);
    await page.keyboard.press('Enter');
    const dialog = page.getByRole('dialog', { name: /^Import/ });
    await expect(dialog.getByText('bidirectional')).toBeVisible();
    await dialog.getByRole('button', { name: 'Import', exact: true }).click();
    // The shorter training has not been saved.
    await page
      .getByRole('dialog', { name: /^Save the changes/ })
      .getByRole('button', { name: 'Don’t save' })
      .click();
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(studio.node('GRU cell')).toBeVisible();
    expect(await predictionOf(page, studio, 'banana')).toBe(before);
  });

  await test.step('train on from it', async () => {
    await studio.tab('Runs');
    await page
      .getByRole('button', { name: /imported/ })
      .first()
      .click();
    await page.getByRole('button', { name: 'Train from here' }).click();
    await expect(studio.training.getByText(/epoch 1 of 1/)).toBeVisible({ timeout: 60_000 });
    await studio.trained();
    await studio.tab('Runs');
    await expect(page.getByRole('row').filter({ hasText: 'done' })).toHaveCount(3);
  });
});

test('a state dict of a stock PyTorch model becomes a graph; what it does not say is asked', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const path = join(app.home, 'tagger.safetensors');
  writeStateDict(path, tagger);
  await page.keyboard.press('Control+o');
  await page.getByRole('textbox', { name: 'File name or path' }).fill(path);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Import tagger' });
  await expect(dialog.getByText('lstm: LSTM(6, 5, bidirectional=True)')).toBeVisible();
  await dialog.getByRole('combobox', { name: 'What it answers' }).click();
  await page.getByRole('option', { name: 'at every step' }).click();
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(dialog).toBeHidden();
  for (const title of ['embedding', 'lstm', 'LSTM cell', 'fc']) await expect(studio.node(title)).toBeVisible();
  await studio.tab('Playground');
  await page.getByRole('textbox', { name: 'Type a sentence' }).fill('5 17 4');
  await expect(page.getByRole('region', { name: 'Prediction' }).getByRole('listitem')).toHaveCount(3);
});

test('an order that the widths leave open must be chosen before anything is imported', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const path = join(app.home, 'either.safetensors');
  writeStateDict(path, eitherOrder);
  await page.keyboard.press('Control+o');
  await page.getByRole('textbox', { name: 'File name or path' }).fill(path);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Import either' });
  const confirm = dialog.getByRole('button', { name: 'Import', exact: true });
  await expect(confirm).toBeDisabled();
  await dialog.getByRole('combobox', { name: 'In which order they run' }).click();
  await page.getByRole('option', { name: 'embedding → second → first → fc' }).click();
  await dialog.getByRole('combobox', { name: 'Activation of second' }).click();
  await page.getByRole('option', { name: 'relu' }).click();
  await confirm.click();
  await expect(dialog).toBeHidden();
  const places = await Promise.all(['second', 'first'].map(async (title) => (await studio.node(title).boundingBox())?.x ?? 0));
  expect(places[0]).toBeLessThan(places[1] ?? 0);
});

test('a file that is no model is refused in words', async ({ app, window: page }) => {
  await expect(new Studio(page).node('GRU cell')).toBeVisible();
  const path = join(app.home, 'broken.safetensors');
  writeFileSync(path, 'not a model');
  await page.keyboard.press('Control+o');
  await page.getByRole('textbox', { name: 'File name or path' }).fill(path);
  await page.keyboard.press('Enter');
  await expect(page.getByText(/broken\.safetensors cannot be read: not a safetensors file/).first()).toBeVisible();
});
