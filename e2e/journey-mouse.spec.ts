import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, moving, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use(moving);

test.setTimeout(600_000);

test('from a template to PyTorch code with the mouse: train, look, predict, swap the cell, compare, export', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();

  await test.step('open a template', async () => {
    await studio.openTemplate(/Open template .*syllables/i);
    await expect(studio.node('Embedding')).toBeVisible();
    await studio.shorten(2, 3000);
  });

  await test.step('train and watch', async () => {
    await studio.train();
    await studio.trained();
    await expect(studio.training.getByText(/done · epoch 2 of 2/)).toBeVisible();
    await expect(studio.training.getByText(/baseline/).first()).toBeVisible();
    await studio.training.getByRole('radio', { name: 'Examples' }).click();
    await studio.training.getByRole('radio', { name: 'Curves' }).click();
  });

  await test.step('predict while typing', async () => {
    await studio.tab('Playground');
    await page.getByRole('textbox', { name: 'Type a word' }).pressSequentially('banana');
    const prediction = page.getByRole('region', { name: 'Prediction' });
    await expect(prediction.getByText(/%/).first()).toBeVisible();
  });

  await test.step('change GRU to LSTM by moving the wire', async () => {
    await studio.tab('Design');
    await studio.training.getByRole('button', { name: 'Fold the training panel' }).click();
    await page.getByRole('button', { name: 'Zoom to fit' }).click();
    const gru = studio.node('GRU cell');
    await page.getByRole('button', { name: 'Add LSTM cell' }).dragTo(page.locator('.react-flow__pane'), {
      targetPosition: { x: 460, y: 500 },
    });
    const lstm = studio.node('LSTM cell');
    await expect(lstm).toBeVisible();
    await studio.wire(lstm, 'cell', studio.node('Bidirectional'), 'cell');
    // The port takes one wire: the new one replaces the old.
    await expect(studio.port(lstm, 'cell', 'source')).toHaveAttribute('data-wired', 'true');
    await expect(studio.port(gru, 'cell', 'source')).toHaveAttribute('data-wired', 'false');
    await gru.click();
    await page.keyboard.press('Delete');
    await expect(gru).toHaveCount(0);
  });

  await test.step('train again and compare', async () => {
    await studio.train();
    await studio.trained();
    await studio.tab('Runs');
    const rows = page.getByRole('row').filter({ hasText: 'done' });
    await expect(rows).toHaveCount(2);
    for (const box of await page.getByRole('checkbox', { name: /^Compare/ }).all()) await box.check();
    await expect(page.getByText(/lstm-cell|LSTM cell/).first()).toBeVisible();
  });

  await test.step('export', async () => {
    const folder = join(app.home, 'exported model');
    await page.getByRole('button', { name: 'Export', exact: true }).first().click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('model.py').first()).toBeVisible();
    await dialog.getByRole('textbox', { name: 'Folder' }).fill(folder);
    await dialog.getByRole('button', { name: 'Export', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Exported' })).toBeVisible({ timeout: 60_000 });
    expect(readdirSync(folder).sort()).toEqual(
      expect.arrayContaining([
        'README.md',
        'config.json',
        'model.py',
        'model.safetensors',
        'predict.py',
        'test_parity.py',
        'vocabulary.json',
      ]),
    );
    expect(readFileSync(join(folder, 'model.py'), 'utf8')).toContain('nn.LSTM');
    const python = process.env['UNROLL_PYTHON'] ?? '/usr/bin/python3';
    execFileSync(python, ['test_parity.py'], { cwd: folder, encoding: 'utf8' });
  });
});
