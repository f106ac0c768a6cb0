import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { parse } from 'csv-parse/sync';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { inTheme, unitMap as map, savedFigure, sideways, trainedALittle as trained } from './looking.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const slider = (page: Page) => page.getByRole('slider', { name: 'Step of the sentence' });
const unit = (page: Page) => page.getByRole('region', { name: 'The unit in numbers' });

test('a trained network shows what it does with a sentence, on its cards and unit by unit', async ({ window: page }) => {
  const studio = await trained(page);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });

  await test.step('with a word that is typed: letters, cards, wires and gates', async () => {
    await page.getByRole('button', { name: 'Input', exact: true }).click();
    await page.getByRole('textbox', { name: 'Type a word' }).fill('banana');
    await page.getByRole('button', { name: 'Look at it' }).click();
    await expect(slider(page)).toHaveText('banana');
    await expect(page.getByLabel('What the network says')).toHaveText(/→ \d+ \d+\.\d %/);
    await expect(page.getByRole('img', { name: 'What Embedding gives: 24 numbers at each of 6 steps' })).toBeVisible();
    await expect(page.locator('.wire__label').filter({ hasText: '‖·‖' }).first()).toBeVisible();
    await expect(
      page.getByRole('img', { name: /^Mean of the gates at this step: r 0\.\d\d, z 0\.\d\d, n −?0\.\d\d$/ }),
    ).toBeVisible();
  });

  await test.step('one cursor moves everything', async () => {
    const gates = page.getByRole('img', { name: /^Mean of the gates/ });
    const before = await gates.getAttribute('aria-label');
    await slider(page).getByText('n').last().click();
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'n, step 5 of 6');
    await expect(gates).not.toHaveAttribute('aria-label', before ?? '');
    const strip = page.getByRole('img', { name: /^What Embedding gives/ });
    const box = await strip.boundingBox();
    await strip.click({ position: { x: ((box?.width ?? 0) * 1.5) / 6, y: 10 } });
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'a, step 2 of 6');
  });

  await test.step('a click pins a unit, whose equations have its numbers', async () => {
    await map(page).click({ position: { x: 150, y: 50 } });
    await expect(unit(page).getByRole('heading', { name: /^Unit \d+/ })).toBeVisible();
    // z is what keeps: h' = (1 - z) n + z h, in numbers.
    await expect(page.getByRole('radio', { name: 'z', exact: true })).toHaveAttribute('data-state', 'on');
    const read = page.getByRole('status').filter({ hasText: /: z = / });
    const value = /z = (-?[\d.]+)/.exec(await read.innerText())?.[1] ?? 'none';
    await expect(unit(page).locator('[data-shown="true"]')).toContainText(`= ${value}`);
    const kept = /This step keeps ([\d.]+) % of h by z/.exec(await unit(page).innerText())?.[1];
    expect(Number(kept) / 100).toBeCloseTo(Number(value), 2);
    await page.getByRole('radio', { name: 'h', exact: true }).click();
    const line = unit(page).locator('[data-shown="true"]');
    const tex = (await line.locator('annotation').last().textContent()) ?? '';
    const [z, n, again, h] = (tex.replace('1 - ', '').match(/-?\d[\d.]*/g) ?? []).map(Number);
    expect(again).toBe(z);
    expect(z).toBeCloseTo(Number(value), 3);
    const result = Number((await line.locator('b').innerText()).replace('−', '-').replace('=', ''));
    expect(result).toBeCloseTo((1 - (z ?? 0)) * (n ?? 0) + (z ?? 0) * (h ?? 0), 2);
  });

  await test.step('a drag chooses steps; the numbers are saved as they are shown', async () => {
    const box = await map(page).boundingBox();
    const at = (share: number): { x: number; y: number } => ({
      x: (box?.x ?? 0) + 44 + ((box?.width ?? 0) - 44) * share,
      y: (box?.y ?? 0) + 30,
    });
    await page.mouse.move(at(0.1).x, at(0.1).y);
    await page.mouse.down();
    await page.mouse.move(at(0.4).x, at(0.4).y, { steps: 4 });
    await page.mouse.up();
    await expect(slider(page).locator('[data-range="true"]')).toHaveText(['b', 'a', 'n']);
    const read = await page
      .getByRole('status')
      .filter({ hasText: /: h = / })
      .innerText();
    const [, name = '', step = '', shown = ''] = /^(Unit \d+) at .* \(step (\d+)\): h = (-?[\d.]+)/.exec(read) ?? [];
    const rows: string[][] = parse((await savedFigure(page, /^Save: h of/, 'Numbers as CSV')).toString());
    expect(rows).toHaveLength(49);
    expect(rows[0]).toEqual(['', '1 b', '2 a', '3 n', '4 a', '5 n', '6 a']);
    const own = rows.find(([first]) => first === name);
    expect(Number(own?.[Number(step)])).toBeCloseTo(Number(shown), 3);
    for (const kind of ['PNG', 'SVG']) {
      const bytes = await savedFigure(page, /^Save: h of/, `Picture as ${kind}`);
      expect(bytes.length).toBeGreaterThan(2_000);
      expect(bytes.subarray(0, 4).toString('latin1')).toBe(kind === 'PNG' ? '\u0089PNG' : '<svg');
      expect(bytes.includes('var(--')).toBe(false);
    }
  });

  await test.step('what the canvas shows is saved, too', async () => {
    const save = async (kind: string): Promise<string> =>
      (await savedFigure(page, 'Save: What flows through syllables', kind)).toString();
    const [token = '', step = ''] = ((await slider(page).getAttribute('aria-valuetext')) ?? '').split(/, step | of /);
    const norm = (await page.locator('.wire__label').filter({ hasText: '‖·‖' }).first().textContent()) ?? '';
    const means = await page.getByRole('img', { name: /^Mean of the gates/ }).getAttribute('aria-label');
    const rows: string[][] = parse(await save('Numbers as CSV'));
    const number = (...wanted: string[]): number =>
      Number(rows.find((row) => wanted.every((cell, place) => row[place] === cell))?.[5]);
    expect(number('Embedding', 'sequence', 'norm', step, token).toPrecision(3)).toBe(norm.split(' ').at(-1));
    expect(means).toContain(`r ${number('GRU cell', 'r', 'mean', step, token).toFixed(2)}`);
    expect(rows.filter(([card, , unit]) => card === 'Embedding' && unit !== 'norm')).toHaveLength(6 * 24);

    const strip = page.getByRole('img', { name: /^What Embedding gives/ }).locator('canvas');
    const shown = await strip.evaluate((canvas: HTMLCanvasElement) => canvas.toDataURL());
    const picture = await save('Picture as SVG');
    expect(picture).toContain(`href="${shown}"`);
    for (const words of [norm, 'Embedding', 'GRU cell', `What flows through syllables, step ${step} “${token}”`])
      expect(picture).toContain(`>${words}</text>`);
  });

  await test.step('an edit of another document ends it; the training panel is a tab', async () => {
    await page.getByRole('tab', { name: 'Training' }).click();
    await expect(studio.training.getByRole('progressbar', { name: /^Progress of/ })).toBeVisible();
    await page.getByRole('button', { name: 'Stop looking inside' }).click();
    await expect(slider(page)).toHaveCount(0);
    await expect(page.getByRole('img', { name: /^What Embedding gives/ })).toHaveCount(0);
    await expect(page.getByRole('region', { name: 'Training: curves and predictions' })).toBeVisible();
  });
});

test('keys alone look inside; it is accessible in both themes', async ({ window: page }) => {
  const studio = await trained(page);
  await studio.command('Look inside the network');
  await expect(map(page)).toBeVisible({ timeout: 60_000 });
  await expect(slider(page)).toBeVisible();
  const last = Number(await slider(page).getAttribute('aria-valuemax'));
  await slider(page).focus();
  await page.keyboard.press('End');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', String(last));
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '2');

  await test.step('Space plays to the end', async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('Space');
    await expect(page.getByRole('button', { name: 'Pause', exact: true })).toBeVisible();
    await expect(slider(page)).toHaveAttribute('aria-valuenow', String(last), { timeout: 30_000 });
    await expect(page.getByRole('button', { name: 'Play the sentence' })).toBeVisible();
  });

  await test.step('arrow keys walk through the map, with Shift they choose steps, Escape lets go', async () => {
    await map(page).focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    await expect(unit(page).getByRole('heading', { name: /^Unit \d+/ })).toBeVisible();
    await page.keyboard.press('Shift+ArrowLeft');
    await expect(slider(page).locator('[data-range="true"]')).toHaveCount(2);
    await accessibleInBothThemes(page, 'looking inside');
    await map(page).focus();
    await page.keyboard.press('Escape');
    await expect(slider(page).locator('[data-range="true"]')).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(unit(page).getByRole('heading', { name: /^Unit \d+/ })).toHaveCount(0);
  });

  await test.step('as a table', async () => {
    await page
      .getByRole('button', { name: /^As a table: / })
      .first()
      .focus();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('dialog').getByRole('columnheader')).toHaveCount(last + 1);
    await accessibleInBothThemes(page, 'numbers as a table');
    await page.keyboard.press('Escape');
  });
  await page.locator('.react-flow__pane').focus();
});

test.describe('in a large window', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 1 });

  test('what is seen inside fits, in both themes', async ({ window: page }) => {
    await trained(page);
    await page.getByRole('button', { name: 'Look inside' }).click();
    await expect(map(page)).toBeVisible({ timeout: 60_000 });
    await map(page).click({ position: { x: 300, y: 80 } });
    await new Studio(page).settled();
    if (pictures) {
      await page.screenshot({ path: join(images, 'inside-dark.png') });
      await page.locator('.microscope').screenshot({ path: join(images, 'inside-step-dark.png') });
    }
    const fits = async (): Promise<void> => {
      for (const theme of ['light', 'dark'] as const) {
        await inTheme(page, theme);
        expect(await sideways(page), 'the page does not scroll sideways').toBeLessThanOrEqual(0);
      }
    };
    await fits();
    for (const [tab, name] of [
      ['Gradient', 'gradient'],
      ['Term by term', 'terms'],
      ['Spectrum', 'spectrum'],
    ] as const) {
      await page.getByRole('tab', { name: tab }).click();
      await expect(page.getByLabel(/^(Gradient of the loss back in time|Eigenvalues of)|, term by term/).first()).toBeVisible({
        timeout: 60_000,
      });
      await expect(page.getByText(/^(Multiplying Jacobians|Looking for eigenvalues) …$/)).toHaveCount(0, { timeout: 60_000 });
      await fits();
      if (pictures) await page.locator('.microscope').screenshot({ path: join(images, `inside-${name}-dark.png`) });
    }
  });
});

test('gradients go back in time, of two runs in one chart, and term by term', async ({ window: page }) => {
  const studio = await trained(page);
  await studio.training.getByRole('button', { name: 'Train anew' }).click();
  await studio.trained();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(map(page)).toBeVisible({ timeout: 60_000 });
  const status = (text: RegExp) => page.getByRole('status').filter({ hasText: text });

  await test.step('how far a gradient reaches, with that of another run under it', async () => {
    await page.getByRole('tab', { name: 'Gradient' }).click();
    const chart = page.getByRole('application', { name: /^Gradient of the loss back in time/ });
    await expect(chart).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('application', { name: /^What depends on what/ })).toBeVisible({ timeout: 60_000 });
    await chart.focus();
    await page.keyboard.press('End');
    // Where the gradient comes from, what it can be at most is what it is.
    await expect(page.getByText(/^Dashed: the most that can be left/)).toBeVisible({ timeout: 60_000 });
    await expect(status(/‖∂\/∂h‖/)).toHaveText(/^At .* \(step \d+\): ‖∂\/∂h‖ ([\d.e-]+), at most left of “.+”, by Jacobians \1$/);
    await page.getByRole('switch', { name: 'Predicted' }).click();
    await expect(status(/‖∂\/∂h‖/)).toHaveText(/^At .* \(step \d+\): ‖∂\/∂h‖ [\d.e-]+$/);
    await page.getByRole('switch', { name: 'Predicted' }).click();
    await page.getByRole('tab', { name: 'Step' }).click();
    await page.getByRole('combobox', { name: 'Compare with' }).click();
    await page.getByRole('option').nth(1).click();
    await expect(page.getByRole('tab', { name: 'Gradient' })).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByText(/it reaches: this run ‖∂\/∂h‖ .* %, the other ‖∂\/∂h‖ .* %/)).toBeVisible({ timeout: 60_000 });
    // The same document with the same seed has the same gradients.
    const [, own, other] = /this run \S+ ([\d.e-]+), the other \S+ ([\d.e-]+)$/.exec(await status(/the other/).innerText()) ?? [];
    expect(Number(own)).toBeCloseTo(Number(other), 5);
    await page.getByRole('combobox', { name: 'Gradient of' }).click();
    await page
      .getByRole('option', { name: /^of log p/ })
      .first()
      .click();
    await expect(page.getByRole('application', { name: /^Gradient of log p\(.*\) back in time/ })).toBeVisible();
  });

  await test.step('a parameter’s gradient is a sum over the steps, whose shares are all of it', async () => {
    await page.getByRole('tab', { name: 'Term by term' }).click();
    const bars = page.getByRole('application', { name: /with respect to U_\w+, term by term/ });
    await expect(bars).toBeVisible();
    await page.getByRole('button', { name: /^As a table: Gradient of log p/ }).click();
    const cells = await page.getByRole('dialog').getByRole('cell').allInnerTexts();
    expect(cells.map(Number).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 1);
    await page.keyboard.press('Escape');
    await page.getByRole('radio', { name: 'Size' }).click();
    await expect(status(/‖G_t‖ of U_/)).toBeVisible();
    await accessibleInBothThemes(page, 'gradient term by term');
  });
  await page.getByRole('tab', { name: 'Gradient' }).click();
  await accessibleInBothThemes(page, 'gradient back in time');
});

test('what carries the state on is seen by its eigenvalues', async ({ window: page }) => {
  await trained(page);
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(map(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('tab', { name: 'Spectrum' }).focus();
  await page.keyboard.press('Enter');
  const plot = page.getByRole('img', { name: /^Eigenvalues of/ });
  await expect(plot).toHaveAttribute('aria-label', /^Eigenvalues of the step’s Jacobian, .*: 48 eigenvalues/, {
    timeout: 60_000,
  });
  await page.getByRole('combobox', { name: 'Matrix' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: /^U/ }).first().click();
  await expect(plot).toHaveAttribute('aria-label', /^Eigenvalues of U_\w+, .*: 48 eigenvalues/);
  // ρ is the size of the largest, and never above σ₁.
  const [, radius, singular] = /ρ = ([\d.]+), .* σ₁ = ([\d.]+)/.exec(await page.getByText(/^ρ = /).innerText()) ?? [];
  expect(Number(radius)).toBeGreaterThan(0);
  expect(Number(singular)).toBeGreaterThanOrEqual(Number(radius));
  await page.getByRole('button', { name: /^As a table: Eigenvalues/ }).click();
  const largest = await page.getByRole('dialog').getByRole('row').nth(1).getByRole('cell').last().innerText();
  expect(Number(largest)).toBeCloseTo(Number(radius), 2);
  await page.keyboard.press('Escape');
  await accessibleInBothThemes(page, 'spectrum');
});
