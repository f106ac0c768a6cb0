import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { savedFigure, trainedALittle } from './looking.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const sentence = (page: Page) => page.getByRole('application', { name: /^The sentence coloured by/ });
const units = (page: Page) => page.getByRole('listbox', { name: /^Units, those/ });
const text = (page: Page) => page.getByRole('region', { name: /^(test|train|validation) text coloured/ });
const similar = (page: Page) => page.getByRole('region', { name: 'Similar places in the text' });
const slider = (page: Page) => page.getByRole('slider', { name: 'Step of the sentence' });
const status = (page: Page, words: RegExp) => page.getByRole('status').filter({ hasText: words });

async function look(page: Page, studio: Studio): Promise<void> {
  await studio.train();
  await studio.trained();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
}

test.describe('units in text', () => {
  test.use({ colorScheme: 'dark', deviceScaleFactor: 1 });

  test('a text is coloured by a unit and by surprise; which unit tells a tag; places like a range', async ({ window: page }) => {
    const studio = new Studio(page);
    await studio.openTemplate(/Open template Tag names/);
    await expect(studio.node('Bidirectional')).toBeVisible();
    await studio.shorten(pictures ? 3 : 1, pictures ? 6000 : 900);
    await look(page, studio);
    await page.getByRole('tab', { name: 'Units in text' }).click();
    await expect(units(page).getByRole('option').first()).toHaveAccessibleName(/^Unit \d+: AUROC 0\.\d{3}/, { timeout: 60_000 });

    await test.step('the best unit stands first, and colours the text', async () => {
      const scores = await units(page)
        .getByRole('option')
        .evaluateAll((all) => all.map((one) => one.getAttribute('aria-label')));
      const far = scores.map((label) => Math.abs(Math.round(1000 * Number(/AUROC ([\d.]+)/.exec(label ?? '')?.[1])) - 500));
      expect(far).toEqual(far.toSorted((a, b) => b - a));
      await expect(status(page, /^[\d,]+ of [\d,]+ steps: tag 1$/)).toBeVisible();
      const third = units(page).getByRole('option').nth(2);
      await third.click();
      await expect(third).toHaveAttribute('aria-selected', 'true');
      const number = /^Unit (\d+)/.exec((await third.getAttribute('aria-label')) ?? '')?.[1];
      await expect(sentence(page)).toHaveAccessibleName(new RegExp(`^The sentence coloured by unit ${number} of h`));
      await expect(text(page).locator('.coloured-token[style*="rgb"]').first()).toBeVisible();
    });

    await test.step('a token tells its number', async () => {
      await text(page).locator('.coloured-token').nth(1).hover();
      await expect(status(page, /of test row 1\): unit \d+ of h = -?[\d.e-]+$/)).toBeVisible();
    });

    await test.step('a pattern is typed; what is no pattern is told', async () => {
      await page.getByRole('combobox', { name: 'Compare the units with' }).click();
      await page.getByRole('option', { name: 'text like' }).click();
      await page.getByRole('textbox', { name: 'Regular expression' }).fill('\\bthe\\b');
      await expect(status(page, /steps: \/\\bthe\\b\/$/)).toBeVisible({ timeout: 30_000 });
      const marked = text(page).locator('.coloured-token[data-marked="true"]');
      await expect(marked.first()).toHaveText('the');
      expect(new Set(await marked.allInnerTexts())).toEqual(new Set(['the']));
      await page.getByRole('textbox', { name: 'Regular expression' }).fill('(');
      await expect(page.getByRole('alert').filter({ hasText: 'The pattern cannot be looked for' })).toBeVisible();
      await page.getByRole('textbox', { name: 'Regular expression' }).fill('of');
      await expect(page.getByRole('alert')).toHaveCount(0, { timeout: 30_000 });
    });

    await test.step('a drag chooses steps; places where the same units are on are looked at with a click', async () => {
      const [from, to] = [sentence(page).locator('[data-place="1"]'), sentence(page).locator('[data-place="2"]')];
      await from.hover();
      await page.mouse.down();
      await to.hover();
      await page.mouse.up();
      await expect(sentence(page).locator('[data-chosen="true"]')).toHaveCount(2);
      await similar(page).getByRole('textbox', { name: 'Threshold' }).fill('0');
      await expect(similar(page).getByText(/^\d+ units are on:/)).toBeVisible({ timeout: 30_000 });
      if (pictures) {
        await page.setViewportSize({ width: 1600, height: 1000 });
        await page.mouse.move(5, 5);
        await studio.settled();
        await page.locator('.microscope').screenshot({ path: join(images, 'inside-units-dark.png') });
      }
      const place = similar(page).getByRole('listitem').first().getByRole('button');
      const row = /row (\d+)$/.exec(await place.innerText())?.[1];
      await accessibleInBothThemes(page, 'units in text');
      await place.click();
      await expect(page.locator('.sample-text__row[data-here="true"]').getByRole('button')).toHaveText(row ?? '', {
        timeout: 30_000,
      });
      await expect(slider(page).locator('[data-range="true"]').first()).toBeVisible();
    });

    await test.step('by surprise, in bits or nats, and as CSV', async () => {
      await page.getByRole('radio', { name: 'surprise' }).click();
      await sentence(page).locator('[data-place="0"]').hover();
      const bits = await status(page, /surprise in bits = /).innerText();
      await page.getByRole('radio', { name: 'nats' }).click();
      await sentence(page).locator('[data-place="0"]').hover();
      const nats = await status(page, /surprise in nats = /).innerText();
      const [of, other] = [bits, nats].map((words) => Number(/= ([\d.e-]+)$/.exec(words)?.[1]));
      expect(other ?? 0).toBeCloseTo((of ?? 0) * Math.LN2, 2);
      const rows: string[][] = parse(
        (await savedFigure(page, /^Save: Text coloured by surprise in nats/, 'Numbers as CSV')).toString(),
      );
      expect(rows[0]).toEqual(['', 'step', 'token', 'surprise in nats']);
      expect(Number(rows[1]?.[3])).toBeCloseTo(other ?? 0, 2);
      for (const kind of ['PNG', 'SVG']) {
        const bytes = await savedFigure(page, /^Save: Text coloured/, `Picture as ${kind}`);
        expect(bytes.length).toBeGreaterThan(2_000);
      }
    });
  });
});

test('keys alone find the unit that tells a class', async ({ window: page }) => {
  const studio = await trainedALittle(page);
  await studio.command('Look inside the network');
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Units in text' }).focus();
  await page.keyboard.press('Enter');
  await expect(units(page).getByRole('option').first()).toHaveAccessibleName(/AUROC/, { timeout: 60_000 });

  await units(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowDown');
  await expect(units(page).getByRole('option').nth(1)).toHaveAttribute('aria-selected', 'true');

  await sentence(page).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+ArrowRight');
  await expect(sentence(page).locator('[data-chosen="true"]')).toHaveCount(2);
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(sentence(page).locator('[data-chosen="true"]')).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(sentence(page).locator('[data-chosen="true"]')).toHaveCount(0);

  const before = await page.locator('.sample-bar').innerText();
  await page.getByRole('button', { name: 'Read more' }).focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.sample-bar')).toHaveText(/^100 of 100 rows, held out$/, { timeout: 60_000 });
  expect(before).toMatch(/^64 of 100 rows/);
  const row = text(page).getByRole('button', { name: 'Look at row 2', exact: true });
  await row.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.sample-text__row[data-here="true"]').getByRole('button')).toHaveText('2', { timeout: 30_000 });
  await accessibleInBothThemes(page, 'units in text, by keys');
});
