import { join } from 'node:path';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { lookedInto, savedFigure, unitMap } from './looking.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

test.use({ colorScheme: 'dark' });

test('a gate is held and a letter replaced, and what the network says stands before beside after', async ({ window: page }) => {
  await lookedInto(page);
  await unitMap(page).click({ position: { x: 150, y: 50 } });
  await page.getByRole('tab', { name: 'What if' }).click();
  const form = page.getByRole('form', { name: 'Hold a line of the cell' });
  const table = page.getByRole('table', { name: /^What the network says before and after/ });
  const row = (name: RegExp) => table.getByRole('row', { name });
  const held = page.getByRole('list', { name: 'What is held' });

  await test.step('the pinned unit is what is held first', async () => {
    await expect(form.getByRole('textbox', { name: 'Units' })).toHaveValue(/^\d+$/);
    await expect(page.getByText('needs something that is held')).toBeVisible();
    await form.getByRole('textbox', { name: 'Units' }).fill('99');
    await expect(form.getByRole('alert')).toHaveText('Units are 0 to 47.');
    await expect(form.getByRole('button', { name: 'Hold it' })).toBeDisabled();
    await form.getByRole('textbox', { name: 'Units' }).fill('all');
    await form.getByRole('combobox', { name: 'Line to hold' }).click();
    await page.getByRole('option', { name: 'h', exact: true }).click();
    await form.getByRole('slider', { name: 'Value' }).fill('0.5');
    await expect(form.getByRole('textbox', { name: 'Value in numbers' })).toHaveValue('0.5');
    await form.getByRole('textbox', { name: 'Value in numbers' }).fill('0');
    await form.getByRole('button', { name: 'Hold it' }).click();
  });

  await test.step('before beside after, and where the states part', async () => {
    await expect(held.getByRole('listitem')).toHaveText([/^h of all units = 0/]);
    await expect(row(/^the loss/)).toBeVisible({ timeout: 60_000 });
    const [before, after, change] = await row(/^the loss/)
      .getByRole('cell')
      .allInnerTexts();
    expect(Number(after) - Number(before)).toBeCloseTo(Number(change?.replace('−', '-').replace('+', '')), 2);
    expect(Number(change?.replace('−', '-'))).not.toBe(0);
    const saved = (await savedFigure(page, 'Save: What the network says before and after', 'Numbers as CSV')).toString();
    // A sign that a spreadsheet would take for a formula stands after an apostrophe.
    expect(saved.replaceAll("'+", '+')).toContain(`the loss,${before},${after},${change}`);
    const map = page.getByRole('application', { name: /^Difference of h of Bidirectional/ });
    await expect(map).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText(/^48 of 48 units differ, from .* \(step 1\) on/)).toBeVisible();
    // Held at 0, it differs by what it was.
    await map.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    await expect(page.getByRole('status').filter({ hasText: /change of h = / })).toBeVisible();
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    expect(sideways, 'the page does not scroll sideways').toBeLessThanOrEqual(0);
    if (pictures) await page.locator('.microscope').screenshot({ path: join(images, 'inside-whatif-dark.png') });
  });

  await test.step('over the split', async () => {
    const split = page.getByRole('region', { name: 'Over a split' });
    await split.getByRole('button', { name: 'Measure' }).click();
    const accuracy = split.getByRole('row', { name: /^accuracy/ });
    await expect(accuracy).toBeVisible({ timeout: 120_000 });
    await expect(split.getByText(/^(all|500 of) [\d,]+ examples of test$/)).toBeVisible();
    const figures = await split
      .getByRole('row')
      .filter({ has: page.getByRole('rowheader') })
      .allInnerTexts();
    expect(figures.some((line) => line.split('\t')[1] !== line.split('\t')[2])).toBe(true);
  });
  await accessibleInBothThemes(page, 'what if');

  await test.step('what is held is let go; a letter is another one: keys alone', async () => {
    await held.getByRole('button', { name: /^Let go of h/ }).focus();
    await page.keyboard.press('Enter');
    await expect(held).toHaveCount(0);
    await expect(table).toHaveCount(0);
    const slider = page.getByRole('slider', { name: 'Step of the sentence' });
    await slider.focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    const token = page.getByRole('textbox', { name: /^Instead of/ });
    await token.focus();
    await page.keyboard.type('zz');
    await page.keyboard.press('Enter');
    await expect(row(/^says/)).toBeVisible({ timeout: 60_000 });
    await expect(page.getByText('A red column is new: there is nothing to compare it with.')).toBeVisible();
    await page.getByRole('button', { name: 'Undo “zz”' }).focus();
    await page.keyboard.press('Enter');
    await expect(table).toHaveCount(0);
  });
});
