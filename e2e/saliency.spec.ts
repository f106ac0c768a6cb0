import { join } from 'node:path';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { lookedInto } from './looking.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

test.use({ colorScheme: 'dark' });

test('which letters matter is seen by three methods, and told in numbers', async ({ window: page }) => {
  await lookedInto(page);
  await page.getByRole('tab', { name: 'Saliency' }).click();
  const text = page.getByRole('application', { name: /^The input coloured by Integrated gradients for the loss/ });
  const chart = page.getByRole('application', { name: /^Saliency of the loss/ });
  await expect(text).toBeVisible({ timeout: 60_000 });
  await expect(chart).toBeVisible();
  const slider = page.getByRole('slider', { name: 'Step of the sentence' });
  const tokens = text.locator('[data-step]');
  const count = Number(await slider.getAttribute('aria-valuemax'));
  await expect(tokens).toHaveCount(count);

  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  expect(sideways, 'the page does not scroll sideways').toBeLessThanOrEqual(0);
  if (pictures) await page.locator('.microscope').screenshot({ path: join(images, 'inside-saliency-dark.png') });

  await test.step('what is integrated is the whole difference', async () => {
    const words = await page.getByText(/^Compared with zeros/).innerText();
    const [, value, without, sum, whole, error] =
      /is ([-\d.e]+), with nothing but zeros ([-\d.e]+)\..* add up to ([-\d.e]+) of that difference of ([-\d.e]+): completeness error ([-\d.e]+) at \d+/.exec(
        words,
      ) ?? [];
    expect(Number(value) - Number(without)).toBeCloseTo(Number(whole), 2);
    expect(Number(sum)).toBeCloseTo(Number(whole) + Number(error), 2);
    expect(Math.abs(Number(error))).toBeLessThanOrEqual(Math.max(1e-4, 0.006 * Math.abs(Number(whole))));
    await page.getByRole('button', { name: /^As a table: Saliency of the loss/ }).click();
    const rows = page.getByRole('dialog').getByRole('row');
    await expect(rows).toHaveCount(count + 1);
    await expect(rows.first()).toHaveText(/step\s*Integrated gradients\s*Gradient × input\s*Occlusion/);
    const first = await rows.locator('td:nth-child(2)').allInnerTexts();
    expect(first.map(Number).reduce((all, one) => all + one, 0)).toBeCloseTo(Number(sum), 1);
    await page.keyboard.press('Escape');
  });

  await test.step('a click on a letter moves the cursor; hover tells its number', async () => {
    await tokens.nth(1).click();
    await expect(slider).toHaveAttribute('aria-valuenow', '2');
    const told = await page
      .getByRole('status')
      .filter({ hasText: /Integrated gradients/ })
      .innerText();
    const number = /Integrated gradients (-?[\d.e-]+)/.exec(told)?.[1];
    await expect(tokens.nth(1)).toHaveAttribute('title', new RegExp(`: ${number}$`));
  });

  await test.step('keys alone: letters, methods, what it is of', async () => {
    await text.focus();
    await page.keyboard.press('End');
    await expect(slider).toHaveAttribute('aria-valuenow', String(count));
    await page.getByRole('radio', { name: 'Integrated gradients' }).focus();
    for (const method of ['Gradient × input', 'Occlusion']) {
      await page.keyboard.press('ArrowRight');
      await expect(page.getByRole('radio', { name: method })).toBeFocused();
    }
    await page.keyboard.press('Enter');
    await expect(page.getByRole('application', { name: /^The input coloured by Occlusion for the loss/ })).toBeVisible();
    await page.getByRole('combobox', { name: 'Saliency of' }).focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('option', { name: 'of the loss' })).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('option', { name: /^of log p/ }).first()).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('application', { name: /^Saliency of log p\(\d\)/ })).toBeVisible({ timeout: 60_000 });
  });
  await accessibleInBothThemes(page, 'saliency');
});
