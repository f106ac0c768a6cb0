import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test('a reload shows what was there, with undo and without a question', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const name = page.getByRole('textbox', { name: 'Document name' });
  await name.fill('first name');
  await name.press('Enter');
  await name.fill('second name');
  await name.press('Enter');
  let asked = 0;
  page.on('dialog', (dialog) => {
    asked++;
    void dialog.accept();
  });
  await page.reload();
  await expect(name).toHaveValue('second name');
  await expect(studio.node('GRU cell')).toBeVisible();
  await expect(page.getByRole('dialog')).toHaveCount(0);
  expect(asked).toBe(0);
  await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
  await page.keyboard.press('Control+z');
  await expect(name).not.toHaveValue('second name');
});

test('giving work up is never the button in focus, and can be undone', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const name = page.getByRole('textbox', { name: 'Document name' });
  await name.fill('dear work');
  await name.press('Enter');
  await studio.command('New document');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Save', exact: true })).toBeFocused();
  await dialog.getByRole('button', { name: 'Don’t save' }).click();
  await expect(page.locator('.react-flow__node')).toHaveCount(0);

  // An empty canvas is a problem that says what to do.
  const problems = page.getByRole('contentinfo').getByRole('button', { name: /problem/ });
  await expect(problems).toContainText('2 problems');
  await problems.click();
  await expect(page.getByRole('region', { name: 'Problems' })).toContainText('the canvas is empty');

  await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
  await expect(name).toHaveValue('dear work');
  await expect(studio.node('GRU cell')).toBeVisible();
});

test('a second window is told of the first, and never overwrites what it saved', async ({ app, window: page, context }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const folder = join(app.home, 'mine');
  mkdirSync(folder);
  const file = join(folder, 'a.unroll.json');
  writeFileSync(join(folder, 'd.csv'), `text,label\n${'good film,yes\nbad film,no\n'.repeat(20)}`);
  await studio.newDocument();
  await studio.attach(join(folder, 'd.csv'));
  // A window that has changed its document is not another one.
  await expect(page.getByText('in another window, too.')).toHaveCount(0);
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(file);
  await page.keyboard.press('Enter');
  await expect(page.locator('.header__state')).toHaveText('saved');
  expect(JSON.parse(readFileSync(file, 'utf8')).data.source.path).toBe('d.csv');

  // One window alone is told of none.
  await page.bringToFront();
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText(/is open in another window/)).toHaveCount(0);

  const second = await context.newPage();
  await second.goto(new URL(page.url()).origin);
  const other = new Studio(second);
  await expect(second.getByText('Unroll is open in another window, too.')).toBeVisible();
  await other.open(file);
  await expect(second.getByText('This document is open in another window, too.')).toBeVisible();
  const rename = async (on: typeof page, to: string): Promise<void> => {
    await on.getByRole('textbox', { name: 'Document name' }).fill(to);
    await on.getByRole('textbox', { name: 'Document name' }).press('Enter');
    await on.keyboard.press('Control+s');
  };
  await rename(second, 'theirs');
  await expect(second.locator('.header__state')).toHaveText('saved');
  await rename(page, 'mine');
  const dialog = page.getByRole('dialog', { name: 'Overwrite “a.unroll.json”?' });
  await expect(dialog.getByRole('button', { name: 'Save as…' })).toBeFocused();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
  expect(JSON.parse(readFileSync(file, 'utf8')).name).toBe('theirs');

  // The folder is sent to somebody else: data and document open there.
  renameSync(folder, join(app.home, 'yours'));
  await other.open(join(app.home, 'yours', 'a.unroll.json'));
  await other.tab('Data');
  await expect(second.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 30_000 });
});

test('a second browser knows of the first, and takes over its document with what was not saved', async ({
  app,
  window: page,
  browser,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const file = join(app.home, 'shared.unroll.json');
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(file);
  await page.keyboard.press('Enter');
  await expect(page.locator('.header__state')).toHaveText('saved');

  // Another profile: the next address lets it in.
  const elsewhere = await browser.newContext();
  const second = await elsewhere.newPage();
  await second.goto(app.address);
  const other = new Studio(second);
  await expect(second.getByText('Unroll is open in another window, too.')).toBeVisible();
  // The first hears of it where it is, without being looked at again.
  await expect(page.getByText('Unroll is open in another window, too.')).toBeVisible();
  await page.getByRole('button', { name: 'Understood' }).click();

  const name = (on: typeof page) => on.getByRole('textbox', { name: 'Document name' });
  await name(page).fill('not saved yet');
  await name(page).press('Enter');
  await expect(page.locator('.header__state')).toHaveText('edited');
  await other.open(file);
  for (const on of [page, second]) await expect(on.getByText('This document is open in another window, too.')).toBeVisible();
  await expect(name(second)).not.toHaveValue('not saved yet');
  await accessibleInBothThemes(second, 'open in another browser');

  await second.getByRole('button', { name: 'Take over' }).click();
  await expect(name(second)).toHaveValue('not saved yet');
  await expect(second.locator('.header__state')).toHaveText('edited');
  await expect(second.getByText('This document is open in another window, too.')).toHaveCount(0);
  await expect(page.getByText('“not saved yet” was taken over by another window, with what was not saved here.')).toBeVisible();
  await expect(page.locator('.react-flow__node')).toHaveCount(0);
  await second.keyboard.press('Control+s');
  await expect(second.locator('.header__state')).toHaveText('saved');
  expect(JSON.parse(readFileSync(file, 'utf8')).name).toBe('not saved yet');

  // Without changes, it is opened again as it is on disk.
  await studio.open(file);
  await page.getByRole('button', { name: 'Take over' }).click();
  await expect(second.getByText('“not saved yet” was taken over by another window.')).toBeVisible();
  await expect(name(page)).toHaveValue('not saved yet');
  await expect(page.locator('.header__state')).toHaveText('saved');
  await elsewhere.close();
  await expect(page.getByText(/in another window, too/)).toHaveCount(0);
});

test('what another browser has not saved is not offered for recovery while it is open', async ({
  app,
  window: page,
  browser,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const name = page.getByRole('textbox', { name: 'Document name' });
  await name.fill('dear work');
  await name.press('Enter');
  await expect.poll(() => readdirSync(join(app.home, 'autosave')).filter((file) => file.endsWith('.json'))).toHaveLength(1);
  const start = async () => {
    const context = await browser.newContext();
    const window = await context.newPage();
    await window.goto(app.address);
    await expect(new Studio(window).node('GRU cell')).toBeVisible();
    return { context, window };
  };
  const beside = await start();
  await expect(beside.window.getByText('Unroll is open in another window, too.')).toBeVisible();
  await expect(beside.window.getByRole('dialog')).toHaveCount(0);
  await beside.context.close();
  await page.goto('about:blank');
  const after = await start();
  await expect(after.window.getByRole('dialog', { name: 'Recover unsaved work?' })).toContainText('dear work');
  await after.context.close();
});

test('the training panel is of its document, and says when its figures are of another graph', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await expect(page.getByText(/is open in another window/)).toHaveCount(0);
  await studio.shorten(1, 200);
  await studio.train();
  await studio.trained();
  const note = studio.training.getByText('These figures are of another graph');
  await expect(note).toHaveCount(0);
  // By keys: the panel may cover the node.
  await studio.node('Embedding').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Delete');
  await expect(note).toBeVisible();
  await expect(page.getByText(/is open in another window/)).toHaveCount(0);
  await studio.training.getByRole('button', { name: 'Compare' }).click();
  await expect(page.getByRole('dialog', { name: 'What differs' })).toContainText('Embedding');
  await page.keyboard.press('Escape');
  await studio.newDocument();
  await expect(studio.training.getByRole('progressbar')).toHaveCount(0);
  await expect(studio.training.getByText('Watch it learn')).toBeVisible();
});
