import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** No pointer is used in this file: only keys, as a person does who cannot use a mouse. */
test('from an empty canvas to PyTorch code with the keyboard alone', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();

  /** Presses Tab until the element has the focus. */
  const tabTo = async (element: Locator): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      if ((await element.count()) > 0 && (await element.evaluate((it) => it === document.activeElement))) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`${String(element)} cannot be reached with Tab`);
  };

  await test.step('the first stop of Tab leads to the canvas', async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to canvas' })).toBeFocused();
    await expect(page.getByRole('link', { name: 'Skip to canvas' })).toBeInViewport({ ratio: 1 });
    await page.keyboard.press('Enter');
    await expect(page.getByRole('application', { name: 'Graph of the network' })).toBeFocused();
  });

  await test.step('a shorter training', async () => {
    await page.getByRole('textbox', { name: 'Epochs' }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1\n');
  });

  await test.step('an LSTM cell takes the place of the GRU, with its width, and the old cell goes', async () => {
    await studio.node('Bidirectional').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await expect(page.getByRole('searchbox', { name: 'Find a layer' })).toBeFocused();
    await page.keyboard.type('lstm\n');
    await expect(studio.node('LSTM cell')).toBeFocused();
    await expect(studio.node('LSTM cell')).toContainText('48 wide');
    await page.keyboard.press('F8');
    await tabTo(page.getByRole('button', { name: 'Remove GRU cell' }));
    await page.keyboard.press('Enter');
    await expect(studio.node('GRU cell')).toHaveCount(0);
    // Taking the cell's place and its removal are one step of undo each.
    await page.keyboard.press('Control+z');
    await expect(studio.node('GRU cell')).toBeVisible();
    await page.keyboard.press('Control+z');
    await expect(studio.node('LSTM cell')).toHaveCount(0);
    await expect(studio.port(studio.node('GRU cell'), 'cell', 'source')).toHaveAttribute('data-wired', 'true');
    await page.keyboard.press('Control+Shift+z');
    await page.keyboard.press('Control+Shift+z');
    await expect(studio.node('GRU cell')).toHaveCount(0);
    await expect(studio.port(studio.node('LSTM cell'), 'cell', 'source')).toHaveAttribute('data-wired', 'true');
  });

  await test.step('wires are drawn, moved and removed: each is shown before, and told after', async () => {
    const wire = (from: string, to: string): Locator => page.getByLabel(`Wire from ${from} to ${to}`, { exact: true });
    const told = page.locator('.app > [role="status"]');
    await studio.node('Embedding').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('/');
    await page.keyboard.type('dropout\n');
    await expect(studio.node('Dropout')).toBeFocused();
    await expect(wire('Embedding', 'Dropout')).toBeAttached();
    // From a port: what fits is marked, and the wire that Enter would draw is there before.
    await tabTo(studio.port(studio.node('Dropout'), 'output', 'source'));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Wire Dropout' })).toBeVisible();
    await expect(studio.port(studio.node('Dense softmax'), 'input', 'target')).toHaveAttribute('data-fit', 'yes');
    await page.keyboard.type('bidirectional');
    await expect(page.locator('.wire-preview')).toHaveCount(1);
    await page.keyboard.press('Escape');
    await expect(page.locator('.wire-preview')).toHaveCount(0);
    await expect(studio.port(studio.node('Dropout'), 'output', 'source')).toBeFocused();
    // The wire that is there is led through the Dropout: it begins there instead.
    await tabTo(wire('Embedding', 'Bidirectional'));
    await page.keyboard.press('w');
    await page.keyboard.type('← dropout\n');
    await expect(wire('Dropout', 'Bidirectional')).toBeAttached();
    await expect(wire('Embedding', 'Bidirectional')).toHaveCount(0);
    await expect(told).toHaveText(/^Wire moved: Dropout to Bidirectional\./);
    // A node has the focus, and need not be selected for that.
    await studio.node('Bidirectional').focus();
    await page.keyboard.press('w');
    await page.keyboard.type('remove dropout\n');
    await expect(wire('Dropout', 'Bidirectional')).toHaveCount(0);
    await expect(told).toHaveText(/^Wire from Dropout to Bidirectional removed\./);
    await expect(studio.node('Bidirectional')).toBeFocused();
    for (let steps = 0; steps < 3; steps++) await page.keyboard.press('Control+z');
    await expect(studio.node('Dropout')).toHaveCount(0);
    await expect(wire('Embedding', 'Bidirectional')).toBeAttached();
  });

  await test.step('train', async () => {
    await page.keyboard.press('Control+Enter');
    await studio.atWork();
    await studio.trained();
  });

  await test.step('predict', async () => {
    await page.keyboard.press('Control+4');
    await tabTo(page.getByRole('textbox', { name: 'Type a word' }));
    await page.keyboard.type('banana');
    await expect(page.getByRole('region', { name: 'Prediction' }).getByText(/%/).first()).toBeVisible();
  });

  await test.step('export', async () => {
    await studio.command('Export PyTorch');
    const folder = join(app.home, 'by keyboard');
    await tabTo(page.getByRole('dialog').getByRole('textbox', { name: 'Folder' }));
    await page.keyboard.press('Control+a');
    await page.keyboard.type(folder);
    await tabTo(page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true }));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Exported' })).toBeVisible({ timeout: 60_000 });
    expect(existsSync(join(folder, 'test_parity.py'))).toBe(true);
  });
});
