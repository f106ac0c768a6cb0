import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.setTimeout(300_000);

/** Best accuracy of each kept run, by its name, as it stands on the disk. */
function bestOf(home: string): Map<string, number> {
  const runs = join(home, 'runs');
  return new Map(
    readdirSync(runs).map((id) => {
      const { summary } = JSON.parse(readFileSync(join(runs, id, 'run.json'), 'utf8'));
      return [String(summary.name), Number(summary.best.value)];
    }),
  );
}

/** The words of the canvas and of the figures below it that lie below this. */
const wordsBelow = (over: Locator): Promise<readonly string[]> =>
  over.evaluate((lid) => {
    const { left, right, top, bottom } = lid.getBoundingClientRect();
    const found: string[] = [];
    for (const part of document.querySelectorAll('.card, .note, .wire__label, .figures')) {
      const words = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
      while (words.nextNode()) {
        const range = document.createRange();
        range.selectNodeContents(words.currentNode);
        const lines = [...range.getClientRects()];
        if (lines.some((line) => line.left < right && line.right > left && line.top < bottom && line.bottom > top))
          found.push(words.currentNode.textContent ?? '');
      }
    }
    return found;
  });

test('runs are named, described, sorted, grouped and saved as a table; seeds are trained again and compared as one', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(3, 600);
  await studio.train();
  await studio.trained();
  await expect(page.locator('.toast__title', { hasText: '“BiGRU 48 · Adam 0.005” is done' })).toBeVisible();
  expect(await wordsBelow(page.locator('.toast')), 'what the message lies on').toEqual([]);
  await expect(page).toHaveTitle('• syllables – Unroll');
  await studio.tab('Runs');
  const table = page.getByRole('table').first();
  const rows = table.locator('tbody tr[data-run]');
  const details = page.getByRole('region', { name: /^Details of/ });

  await test.step('its name tells what it is; tags and a note are kept, and found', async () => {
    await expect(rows).toHaveCount(1);
    await expect(rows.getByRole('button', { name: 'BiGRU 48 · Adam 0.005', exact: true })).toBeVisible();
    await details.getByRole('textbox', { name: 'Tags' }).fill('baseline, first');
    await details.getByRole('textbox', { name: 'Note' }).fill('on few words');
    await details.getByRole('textbox', { name: 'Note' }).press('Enter');
    await expect(rows.getByText('baseline, first')).toBeVisible();
    await page.getByRole('searchbox', { name: 'Find a run' }).fill('few words');
    await expect(rows).toHaveCount(1);
    await page.getByRole('searchbox', { name: 'Find a run' }).fill('no such words');
    await expect(rows).toHaveCount(0);
    await page.getByRole('searchbox', { name: 'Find a run' }).fill('');
  });

  await test.step('a part of the curve that is dragged across is shown large, and the reading follows', async () => {
    const curve = details.getByRole('slider', { name: /^loss by step/ });
    const place = await curve.boundingBox();
    if (!place) throw new Error('the curve is out of view');
    const [at, y] = [(share: number): number => place.x + share * place.width, place.y + place.height / 2];
    const step = async (): Promise<number> => Number(/^step (\d+)/.exec((await curve.getAttribute('aria-valuetext')) ?? '')?.[1]);
    await page.mouse.move(at(0.3), y);
    await page.mouse.down();
    await page.mouse.move(at(0.8), y, { steps: 4 });
    await expect.poll(step).toBeGreaterThan(15);
    const end = await step();
    await page.mouse.up();
    // The pointer stands where it stood, and the end of what was dragged across now lies right of it.
    await expect.poll(step).toBeLessThan(end);
    await details.getByRole('button', { name: 'Show all' }).click();
  });

  await test.step('five seeds with one click', async () => {
    await details.getByRole('button', { name: 'Train again with 5 seeds' }).click();
    await expect(page.getByText(/Training seed \d of 5/).first()).toBeVisible();
    const compareThem = page.getByRole('button', { name: 'Compare', exact: true });
    await expect(compareThem).toBeVisible({ timeout: 200_000 });
    await compareThem.click();
    await expect(rows).toHaveCount(6);
  });

  await test.step('mean and spread are those of the six', async () => {
    const values = [...bestOf(app.home).values()];
    expect(values).toHaveLength(6);
    const mean = values.reduce((sum, value) => sum + value, 0) / 6;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 5);
    const percent = (value: number): string => `${(value * 100).toFixed(1)} %`;
    const comparison = page.getByRole('region', { name: 'Comparison' });
    await expect(comparison.getByText(`${percent(mean)} ± ${percent(deviation)}`)).toBeVisible();
    await expect(comparison.getByText('over 6 seeds')).toBeVisible();
    await expect(comparison.getByText('Settings that differ').first()).toBeVisible();
    await comparison.getByRole('button', { name: 'Add a chart' }).click();
    await comparison
      .getByRole('combobox', { name: /^Metric of the chart of/ })
      .nth(1)
      .click();
    await page.getByRole('option', { name: 'accuracy', exact: true }).click();
    await expect(comparison.getByRole('slider')).toHaveCount(2);
    await expect(comparison.getByRole('slider', { name: 'accuracy on the validation split by step' })).toHaveAttribute(
      'aria-valuetext',
      /BiGRU 48 · Adam 0.005, mean of 6: from/,
    );
    await accessibleInBothThemes(page, 'runs compared');
    await page.screenshot({ path: 'test-results/runs-compared.png' });
  });

  await test.step('a setting becomes a column, sorts, groups, and is there after a reload', async () => {
    await page.getByRole('button', { name: 'Columns' }).click();
    const chooser = page.getByRole('dialog', { name: 'Columns' });
    await chooser.getByRole('searchbox').fill('seed');
    await chooser.getByRole('checkbox', { name: 'seed', exact: true }).check();
    await accessibleInBothThemes(page, 'columns');
    await page.keyboard.press('Escape');
    await table.getByRole('button', { name: 'seed', exact: true }).click();
    await expect(table.getByRole('columnheader', { name: 'seed', exact: true })).toHaveAttribute('aria-sort', 'descending');
    const seeds = async (): Promise<number[]> => (await rows.locator('td:last-child').allInnerTexts()).map(Number);
    const down = await seeds();
    expect(down).toHaveLength(6);
    expect(down).toEqual([...down].sort((a, b) => b - a));
    await table.getByRole('button', { name: 'seed', exact: true }).click();
    await expect(table.getByRole('columnheader', { name: 'seed', exact: true })).toHaveAttribute('aria-sort', 'ascending');
    expect(await seeds()).toEqual(down.toReversed());
    await page.getByRole('combobox', { name: 'Group by' }).click();
    await page.getByRole('option', { name: 'Training: seed' }).click();
    await expect(table.locator('.runs__group')).toHaveCount(6);
    await page.reload();
    await studio.tab('Runs');
    await expect(table.locator('.runs__group')).toHaveCount(6);
    await expect(details.getByRole('slider', { name: /^accuracy by step/ })).toBeVisible();
    await details.getByRole('button', { name: 'Close the chart of accuracy' }).click();
    await expect(details.getByRole('slider')).toHaveCount(1);
    await page.getByRole('combobox', { name: 'Group by' }).click();
    await page.getByRole('option', { name: 'Status' }).click();
    await expect(table.locator('.runs__group')).toContainText('6 runs');
    await page.screenshot({ path: 'test-results/runs-grouped.png' });
  });

  await test.step('keys move along the runs and tick them', async () => {
    const names = rows.locator('.runs__name');
    await names.first().focus();
    await page.keyboard.press('ArrowDown');
    await expect(names.nth(1)).toBeFocused();
    await page.keyboard.press('Shift+ArrowDown');
    await expect(names.nth(2)).toBeFocused();
    await expect(rows.nth(1).getByRole('checkbox')).toBeChecked();
    await expect(rows.nth(2).getByRole('checkbox')).toBeChecked();
    await expect(rows.nth(3).getByRole('checkbox')).not.toBeChecked();
    await page.keyboard.press('F2');
    await page.keyboard.type('my best');
    await page.keyboard.press('Enter');
    await expect(rows.getByRole('button', { name: 'my best', exact: true })).toBeVisible();
  });

  await test.step('the table leaves as CSV, with the figures of the disk', async () => {
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'CSV' }).click();
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('runs.csv');
    const [head = '', ...lines] = readFileSync(await saved.path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(head.split(',').slice(0, 3)).toEqual(['run', 'Status', 'Best']);
    const best = bestOf(app.home);
    expect(lines).toHaveLength(6);
    for (const line of lines) {
      const [name = '', status, value] = line.split(',');
      expect(status).toBe('done');
      expect(Number(value), name).toBe(best.get(name));
    }
  });
});
