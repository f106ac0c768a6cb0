import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { findTemplate } from '../templates/registry.ts';
import { accessibleInBothThemes } from './accessible.ts';
import { type App, expect, test } from './fixtures.ts';
import { savedFigure, trainedALittle as trained } from './looking.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const plane = (page: Page) => page.getByRole('application', { name: /^States h of/ });
const slider = (page: Page) => page.getByRole('slider', { name: 'Step of the sentence' });
const status = (page: Page, words: RegExp) => page.getByRole('status').filter({ hasText: words });

test('states of many sequences on their axes: a path, fixed points, and numbers', async ({ window: page }) => {
  await trained(page);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Trajectory' }).click();
  await expect(plane(page)).toBeVisible({ timeout: 60_000 });

  await test.step('a state tells its numbers; a click looks at its sequence', async () => {
    const box = await plane(page).boundingBox();
    const read = status(page, /of test row \d+, \d+\): axis 1 = /);
    // From the middle outwards, until the pointer is on a state of another sequence.
    let at: { x: number; y: number } | null = null;
    for (let turn = 0; at === null && turn < 200; turn++) {
      const point = {
        x: (box?.width ?? 0) / 2 + turn * Math.cos(turn) * 0.9,
        y: (box?.height ?? 0) / 2 + turn * Math.sin(turn) * 0.3,
      };
      await plane(page).hover({ position: point });
      if ((await read.count()) > 0) at = point;
    }
    const [, row, x] = /of test row (\d+), \d+\): axis 1 = (-?[\d.e-]+)/.exec(await read.innerText()) ?? [];
    const rows: string[][] = parse((await savedFigure(page, /^Save: States h of/, 'Numbers as CSV')).toString());
    expect(rows[0]?.slice(0, 6)).toEqual(['', 'step', 'token', 'label', 'axis 1', 'axis 2']);
    const own = rows.filter(([name]) => name === `test row ${row}`).map((cells) => Number(cells[4]));
    expect(Math.min(...own.map((value) => Math.abs(value - Number(x))))).toBeLessThan(5e-3);
    const word = rows
      .filter(([name]) => name === `test row ${row}`)
      .map(([, , token]) => token)
      .join('');
    await plane(page).click({ position: at ?? { x: 0, y: 0 } });
    await expect(slider(page)).toHaveText(word, { timeout: 30_000 });
    for (const kind of ['PNG', 'SVG']) {
      const bytes = await savedFigure(page, /^Save: States h of/, `Picture as ${kind}`);
      expect(bytes.length).toBeGreaterThan(5_000);
      expect(bytes.includes('var(--')).toBe(false);
      // What the colours stand for is in it, too.
      if (kind === 'SVG') expect(bytes.toString()).toMatch(/>the sentence<\/text>/);
    }
  });

  await test.step('other axes carry less', async () => {
    const side = page.getByRole('region', { name: 'Axes and fixed points' });
    const share = async (): Promise<number> => Number(/Together (\d+) %/.exec(await side.innerText())?.[1]);
    const before = await share();
    await page.getByRole('combobox', { name: 'Axis to the right' }).click();
    await page.getByRole('option').nth(3).click();
    await expect(plane(page)).toHaveAccessibleName(/on axes 4 and 2/);
    expect(await share()).toBeLessThan(before);
  });

  await test.step('fixed points with what becomes of states near them', async () => {
    await page.getByRole('button', { name: 'Find', exact: true }).click();
    await expect(status(page, /fixed points? of 48 numbers with the mean of what the cell reads/)).toBeVisible({
      timeout: 120_000,
    });
    await expect(
      page
        .getByRole('listitem')
        .filter({ hasText: /^● stable · \|λ\|max 0\.\d+ · from \d+ states?/ })
        .first(),
    ).toBeVisible();
  });
  await accessibleInBothThemes(page, 'trajectory');
});

test('keys alone walk through the states, and look at another sequence', async ({ window: page }) => {
  const studio = await trained(page);
  await studio.command('Look inside the network');
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Trajectory' }).focus();
  await page.keyboard.press('Enter');
  await expect(plane(page)).toBeVisible({ timeout: 60_000 });
  await plane(page).focus();
  await page.keyboard.press('End');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', (await slider(page).getAttribute('aria-valuemax')) ?? '');
  await page.keyboard.press('ArrowLeft');
  const last = Number(await slider(page).getAttribute('aria-valuemax'));
  await expect(slider(page)).toHaveAttribute('aria-valuenow', String(last - 1));
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  const read = status(page, /of test row \d+/);
  const row = Number(/of test row (\d+)/.exec(await read.innerText())?.[1]);
  expect(row).toBeGreaterThan(1);
  const before = (await slider(page).textContent()) ?? '';
  await page.keyboard.press('Enter');
  await expect(slider(page)).not.toHaveText(before, { timeout: 30_000 });
  for (const by of ['time', 'token']) {
    await page.getByRole('radio', { name: by, exact: true }).focus();
    await page.keyboard.press('Space');
    await expect(page.getByRole('list', { name: 'Colours' })).toContainText(by === 'time' ? 'last step' : 'e');
  }
  await page.getByRole('button', { name: /^As a table: States h/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('columnheader')).toHaveCount(10);
  await page.keyboard.press('Escape');
  await accessibleInBothThemes(page, 'trajectory, by keys');
});

// With UNROLL_SCREENSHOTS=1 alone: it proves nothing.
if (pictures)
  test.describe('pictures of the guide', () => {
    test.use({ colorScheme: 'dark', viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 1 });

    /** The template `agreement` with one of its cells, trained. */
    async function agreed(page: Page, { home }: App, cell: 'rnn' | 'gru' | 'lstm', settings: object): Promise<Studio> {
      const studio = new Studio(page);
      const document = findTemplate('agreement').document();
      const path = join(home, `${cell}.unroll`);
      const edges = document.edges.map((edge) =>
        edge.to.port === 'cell' ? { ...edge, from: { node: cell, port: 'cell' } } : edge,
      );
      const training = { ...document.training, ...settings };
      writeFileSync(path, JSON.stringify({ ...document, name: 'agreed', edges, training }));
      await studio.open(path);
      await studio.train();
      await studio.trained();
      return studio;
    }

    test('the LSTM keeps what the RNN loses', async ({ app, window: page }) => {
      await expect(new Studio(page).node('GRU cell')).toBeVisible();
      await agreed(page, app, 'rnn', { epochs: 3 });
      const studio = await agreed(page, app, 'lstm', { epochs: 3 });
      await page.getByRole('button', { name: 'Look inside' }).click();
      await expect(slider(page)).toBeVisible({ timeout: 60_000 });
      await page.getByRole('combobox', { name: 'Compare with' }).click();
      await page.getByRole('option').nth(1).click();
      await expect(page.locator('.time-chart text').filter({ hasText: /^RNN/ })).toBeVisible({ timeout: 60_000 });
      await expect(page.getByText('Multiplying Jacobians …')).toHaveCount(0, { timeout: 60_000 });
      await page.mouse.move(5, 5);
      await studio.settled();
      await page.locator('.microscope').screenshot({ path: join(images, 'inside-compare-dark.png') });
    });

    test('the cat and the cats part', async ({ app, window: page }) => {
      await expect(new Studio(page).node('GRU cell')).toBeVisible();
      const studio = await agreed(page, app, 'gru', { epochs: 8, learningRate: 0.006 });
      await page.getByRole('button', { name: 'Look inside' }).click();
      await page.getByRole('tab', { name: 'Trajectory' }).click();
      await expect(plane(page)).toBeVisible({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Find', exact: true }).click();
      await expect(status(page, /fixed points? of/)).toBeVisible({ timeout: 120_000 });
      await page.mouse.move(5, 5);
      await studio.settled();
      await page.locator('.microscope').screenshot({ path: join(images, 'inside-trajectory-dark.png') });
      await page.emulateMedia({ colorScheme: 'light' });
      await page.screenshot({ path: join(import.meta.dirname, '..', 'test-results', 'trajectory-light.png') });
    });
  });
