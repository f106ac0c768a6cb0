import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';

test.setTimeout(300_000);

test('settings are varied in the inspector, tried as a sweep, stopped and gone on with; the best is opened on the canvas', async ({
  app,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.shorten(3, 600);
  const sweep = page.getByRole('region', { name: 'Sweep', exact: true });
  const rows = sweep.getByRole('table', { name: 'Trials of the sweep' }).locator('tbody tr');

  await test.step('a setting of a cell, its kind, and one of training get a range', async () => {
    await studio.node('GRU cell').click();
    const inspector = page.getByRole('region', { name: 'Settings', exact: true });
    await inspector.getByRole('button', { name: 'Vary Kind of cell in a sweep' }).click();
    const kind = inspector.getByRole('group', { name: 'Range of Kind of cell' });
    await kind.getByRole('checkbox', { name: 'custom cell' }).uncheck();
    await kind.getByRole('checkbox', { name: 'lstm cell' }).uncheck();
    const width = inspector.getByRole('button', { name: 'Vary Width in a sweep' });
    await width.focus();
    await page.keyboard.press('Enter');
    const range = inspector.getByRole('group', { name: 'Range of Width' });
    await expect(range.getByText(/^4: 12, 24, 48, 96$/)).toBeVisible();
    await range.getByRole('textbox', { name: 'to', exact: true }).fill('90000');
    await expect(range.getByText(/no value it can have/)).toBeVisible();
    await range.getByRole('textbox', { name: 'to', exact: true }).fill('24');
    await expect(range.getByText(/^2: 12, 24$/)).toBeVisible();
    await accessibleInBothThemes(page, 'ranges in the inspector');
    await page.screenshot({ path: 'test-results/sweep-inspector.png' });
    await page.keyboard.press('Escape');
    await page.locator('.react-flow__pane').click({ position: { x: 20, y: 20 } });
    await page.getByRole('button', { name: 'Vary Learning rate in a sweep' }).click();
  });

  await test.step('a grid that is larger than its budget, or has no steps, does not start, and says why', async () => {
    await studio.tab('Sweep');
    await sweep.getByRole('combobox', { name: 'Method' }).click();
    await page.getByRole('option', { name: 'grid' }).click();
    await expect(sweep.getByText(/a grid needs steps/)).toBeVisible();
    const start = sweep.getByRole('button', { name: 'Start the sweep' });
    await expect(start).toBeDisabled();
    await sweep.getByRole('group', { name: 'Range of learning rate' }).getByRole('textbox', { name: 'factor' }).fill('10');
    await sweep.getByRole('textbox', { name: 'Trials' }).fill('11');
    await expect(sweep.getByText(/12 combinations, more than the 11 trials/)).toBeVisible();
    await sweep.getByRole('textbox', { name: 'Trials' }).fill('12');
    await expect(start).toBeEnabled();
    await start.click();
  });

  await test.step('stopped, it is unfinished; it goes on to its end', async () => {
    await expect(rows.filter({ hasText: 'done' }).first()).toBeVisible({ timeout: 60_000 });
    await sweep.getByRole('button', { name: 'Stop the sweep' }).click();
    await expect(sweep.getByText('The sweep is unfinished.')).toBeVisible();
    await sweep.getByRole('button', { name: 'Go on' }).click();
    await expect(sweep.getByText('The sweep is done.')).toBeVisible({ timeout: 200_000 });
    await expect(rows).toHaveCount(12);
    await expect(rows.filter({ hasText: 'done' })).toHaveCount(12);
    // One piece of news for all of its trials.
    await expect(page.locator('.toast__title')).toHaveText(['The sweep of “syllables” is done']);
    await page.locator('.toast').getByRole('button', { name: 'Dismiss' }).click();
  });

  const folder = join(app.home, 'sweeps', readdirSync(join(app.home, 'sweeps'))[0] ?? '');
  const ends = readFileSync(join(folder, 'journal.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ event }) => event === 'end');
  const best = ends.reduce((one, other) => (other.value > one.value ? other : one));

  await test.step('what came out is told, drawn, and kept by ranges of an axis', async () => {
    expect(ends).toHaveLength(12);
    await expect(rows.filter({ hasText: 'best' })).toHaveCount(1);
    await expect(sweep.getByText(`${(best.value * 100).toFixed(1)} %, trial `)).toBeVisible();
    await expect(sweep.locator('.sweep-plot__line')).toHaveCount(12);
    await expect(sweep.getByRole('region', { name: 'Importance' }).getByRole('listitem')).toHaveCount(3);
    await sweep.locator('.sweep-plot__line').nth(5).hover({ force: true });
    await expect(sweep.getByText(/^Trial \d+: Cell · kind/)).toBeVisible();
    const axis = sweep.getByRole('slider', { name: 'Range of learning rate' });
    await axis.focus();
    for (let press = 0; press < 12; press++) await page.keyboard.press('ArrowUp');
    await expect(axis).toHaveAttribute('aria-valuetext', 'from 60 to 100 percent of the axis');
    await expect(rows).toHaveCount(4);
    await page.keyboard.press('Escape');
    await expect(rows).toHaveCount(12);
    await page.mouse.move(5, 5);
    await sweep.getByRole('heading', { name: /12 of 12 trials/ }).click();
    if (pictures) {
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.emulateMedia({ colorScheme: 'dark' });
      await page.screenshot({ path: join(import.meta.dirname, '..', 'docs', 'images', 'sweep-dark.png') });
    }
    for (const [width, height] of [
      [1280, 800],
      [1920, 1080],
    ] as const) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: `test-results/sweep-${width}-${colorScheme}.png` });
      }
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await accessibleInBothThemes(page, 'a sweep');
    const download = page.waitForEvent('download');
    await sweep.getByRole('button', { name: 'CSV' }).click();
    const csv = readFileSync(await (await download).path(), 'utf8')
      .trimEnd()
      .split('\r\n');
    expect(csv).toHaveLength(13);
    expect(csv[0]).toBe('trial,Cell · kind,Cell · width,learning rate,accuracy,deviation,state,reason,runs');
  });

  await test.step('trials are runs like any other, and the best one’s document comes onto the canvas', async () => {
    await sweep.getByRole('button', { name: 'Open the best' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Don’t save' }).click();
    await expect(page.getByRole('tab', { name: 'Design' })).toHaveAttribute('aria-selected', 'true');
    const { document } = JSON.parse(
      readFileSync(join(app.home, 'runs', `${folder.split('/').at(-1)}-t${best.trial}-s1`, 'run.json'), 'utf8'),
    );
    const cell = document.nodes.find(({ id }: { id: string }) => id === 'cell');
    await studio.node(cell.kind === 'gru-cell' ? 'GRU cell' : 'RNN cell').click();
    await expect(page.getByRole('textbox', { name: 'Width', exact: true })).toHaveValue(String(cell.params.hidden));
    await expect(page.getByRole('button', { name: 'Do not vary Width' })).toBeVisible();
    await studio.tab('Runs');
    await expect(page.getByRole('table').first().locator('tbody tr[data-run]')).toHaveCount(12);
    await expect(page.getByText(/trial 3/).first()).toBeVisible();
  });
});
