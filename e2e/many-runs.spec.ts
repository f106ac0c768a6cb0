import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.setTimeout(300_000);

test('two thousand runs: those in view are drawn, keys reach all of them; the end of one is told by the system', async ({
  app,
  context,
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();

  await test.step('a run that ends while nobody looks is told by the system, where that was asked for', async () => {
    await context.grantPermissions(['notifications']);
    // What the system is given, beside its being given; and a window that is not looked at.
    await page.evaluate(() => {
      const told: string[] = [];
      class Told extends Notification {
        constructor(title: string, options?: NotificationOptions) {
          super(title, options);
          this.addEventListener('show', () => told.push(title));
        }
      }
      Object.assign(window, { Notification: Told, told });
      document.hasFocus = () => false;
    });
    await studio.shorten(1, 400);
    await studio.command('Tell by the system when a run ends');
    await expect(page.locator('.toast__title', { hasText: 'The system will tell you when a run ends' })).toBeVisible();
    await studio.train();
    await studio.trained();
    await expect
      .poll(() => page.evaluate(() => (window as unknown as { told: string[] }).told))
      .toEqual(['“BiGRU 48 · Adam 0.005” is done']);
  });

  const runs = join(app.home, 'runs');
  const [kept = ''] = readdirSync(runs);
  const record = JSON.parse(readFileSync(join(runs, kept, 'run.json'), 'utf8'));
  for (let i = 1; i < 2000; i++) {
    const id = `copy-${i}`;
    mkdirSync(join(runs, id));
    const summary = { ...record.summary, id, name: `copy ${i}`, created: record.summary.created - i };
    writeFileSync(join(runs, id, 'run.json'), JSON.stringify({ ...record, summary }));
    if (i > 1990) cpSync(join(runs, kept, 'metrics.jsonl'), join(runs, id, 'metrics.jsonl'));
  }
  // What is asked of the engine about curves waits while this is told.
  let busy = false;
  const waiting: (() => void)[] = [];
  await page.routeWebSocket(/.*/, (socket) => {
    const engine = socket.connectToServer();
    socket.onMessage((message) => {
      if (busy && String(message).includes('"runs.metrics"')) waiting.push(() => engine.send(message));
      else engine.send(message);
    });
  });
  await page.reload();
  await studio.tab('Runs');
  const table = page.getByRole('table').first();
  const drawn = table.locator('tr[data-run]');
  await expect(table).toHaveAttribute('aria-rowcount', '2001', { timeout: 60_000 });
  expect(await drawn.count()).toBeLessThan(80);

  const name = (text: string) => table.getByRole('button', { name: text, exact: true });
  await drawn.locator('.runs__name').first().focus();
  await page.keyboard.press('End');
  await expect(name('copy 1999')).toBeFocused();
  await expect(table.locator('tr[aria-rowindex="2001"]')).toContainText('copy 1999');
  await page.keyboard.press('Shift+ArrowUp');
  await expect(name('copy 1998')).toBeFocused();
  await expect(page.getByRole('region', { name: 'Comparison' })).toBeVisible();
  await page.keyboard.press('Home');
  await expect(drawn.first().locator('.runs__name')).toBeFocused();
  expect(await drawn.count()).toBeLessThan(80);

  await test.step('a run whose curves take long says that they are read', async () => {
    await page.getByRole('region', { name: 'Comparison' }).getByRole('button', { name: 'Clear' }).click();
    await drawn.first().locator('.runs__name').focus();
    await page.keyboard.press('End');
    await expect(name('copy 1999')).toBeFocused();
    busy = true;
    await name('copy 1997').click();
    const details = page.getByRole('region', { name: 'Details of copy 1997' });
    await expect(details.getByText('Reading its curves …')).toBeVisible();
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    for (const ask of waiting) ask();
    await expect(details.getByRole('slider', { name: /^loss by step/ })).toBeVisible();
    await expect(details.getByText('Reading its curves …')).toHaveCount(0);
  });
});
