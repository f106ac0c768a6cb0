import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** No pointer is used in this file: only keys, as a person does who cannot use a mouse. */
test('from an empty canvas to PyTorch code with the keyboard alone', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();

  /** Presses Tab until the element has the focus. */
  const tabTo = async (name: string): Promise<void> => {
    for (let presses = 0; presses < 60; presses++) {
      const here = await page.evaluate(
        () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
      );
      if (here.includes(name)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`“${name}” cannot be reached with Tab`);
  };

  await test.step('a shorter training', async () => {
    await page.getByRole('textbox', { name: 'Epochs' }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('1\n');
  });

  await test.step('add an LSTM cell and wire it in the place of the GRU', async () => {
    await studio.command('Find a layer');
    await expect(page.getByRole('searchbox', { name: 'Find a layer' })).toBeFocused();
    await page.keyboard.type('lstm\n');
    await expect(studio.node('LSTM cell')).toBeVisible();
    await studio.node('LSTM cell').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('w');
    await expect(page.getByRole('dialog', { name: /Wire LSTM cell/ })).toBeVisible();
    await page.keyboard.press('Escape');
    // The same from the port itself.
    await expect(studio.node('LSTM cell')).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(studio.port(studio.node('LSTM cell'), 'cell', 'source')).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: /Wire LSTM cell/ })).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await studio.node('GRU cell').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Delete');
    await expect(studio.node('GRU cell')).toHaveCount(0);
    await page.keyboard.press('Control+z');
    await expect(studio.node('GRU cell')).toBeVisible();
    await page.keyboard.press('Control+Shift+z');
    await expect(studio.node('GRU cell')).toHaveCount(0);
  });

  await test.step('train', async () => {
    await page.keyboard.press('Control+Enter');
    await studio.atWork();
    await studio.trained();
  });

  await test.step('predict', async () => {
    await page.keyboard.press('Control+4');
    await tabTo('Playground');
    for (let presses = 0; presses < 40; presses++) {
      if (await page.getByRole('textbox', { name: 'Type a word' }).evaluate((box) => box === document.activeElement)) break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type('banana');
    await expect(page.getByRole('region', { name: 'Prediction' }).getByText(/%/).first()).toBeVisible();
  });

  await test.step('export', async () => {
    await studio.command('Export PyTorch');
    const folder = join(app.home, 'by keyboard');
    const box = page.getByRole('dialog').getByRole('textbox', { name: 'Folder' });
    for (let presses = 0; presses < 20 && !(await box.evaluate((element) => element === document.activeElement)); presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Control+a');
    await page.keyboard.type(folder);
    const button = page.getByRole('dialog').getByRole('button', { name: 'Export', exact: true });
    for (let presses = 0; presses < 40 && !(await button.evaluate((element) => element === document.activeElement)); presses++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog', { name: 'Exported' })).toBeVisible({ timeout: 60_000 });
    expect(existsSync(join(folder, 'test_parity.py'))).toBe(true);
  });
});
