import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const place = (node: Locator): Promise<string> =>
  node.evaluate((element) => [(element as HTMLElement).style.left, (element as HTMLElement).style.top].join());

test('the canvas is edited: keys move, copies, comments, a node dropped onto a wire, each gesture one step of undo', async ({
  context,
  window: page,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const studio = new Studio(page);
  const nodes = page.locator('.react-flow__node');
  const wires = page.locator('.react-flow__edge');
  await expect(studio.node('GRU cell')).toBeVisible();

  await test.step('arrow keys move the selected node', async () => {
    const before = await place(studio.node('GRU cell'));
    await studio.node('GRU cell').click();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => place(studio.node('GRU cell'))).not.toBe(before);
    await page.keyboard.press('Control+z');
    await expect.poll(() => place(studio.node('GRU cell'))).toBe(before);
  });

  await test.step('duplicate, copy, cut, paste', async () => {
    const count = await nodes.count();
    await studio.node('Embedding').click();
    await page.keyboard.press('Control+d');
    await expect(nodes).toHaveCount(count + 1);
    await page.keyboard.press('Control+c');
    await page.keyboard.press('Control+v');
    await expect(nodes).toHaveCount(count + 2);
    await page.keyboard.press('Control+x');
    await expect(nodes).toHaveCount(count + 1);
    await page.keyboard.press('Control+v');
    await expect(nodes).toHaveCount(count + 2);
    for (let i = 0; i < 4; i++) await page.keyboard.press('Control+z');
    await expect(nodes).toHaveCount(count);
  });

  await test.step('a comment is written, resized and changed', async () => {
    await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
    await page.getByRole('button', { name: 'Add a comment' }).click();
    await page.getByLabel('Comment text').fill('**Words** come in here.\n<b>Why</b>');
    await page.keyboard.press('Escape');
    const note = nodes.filter({ hasText: 'Words come in here.' });
    await expect(note.locator('strong')).toHaveText('Words');
    await expect(note.locator('b')).toHaveCount(0);
    await expect(note).toContainText('<b>Why</b>');
    await note.click();
    const width = (): Promise<number> => note.evaluate((element) => (element as HTMLElement).offsetWidth);
    const before = await width();
    const corner = await note.locator('.react-flow__resize-control.handle.bottom.right').boundingBox();
    if (corner === null) throw new Error('the comment has no corner to drag');
    await page.mouse.move(corner.x + 2, corner.y + 2);
    await page.mouse.down();
    await page.mouse.move(corner.x + 82, corner.y + 62, { steps: 5 });
    await page.mouse.up();
    await expect.poll(width).toBeGreaterThan(before + 40);
    await page.keyboard.press('Control+z');
    await expect.poll(width).toBe(before);
    await note.dblclick();
    await page.getByLabel('Comment text').fill('Letters come in here.');
    await page.keyboard.press('Escape');
    const changed = nodes.filter({ hasText: 'Letters come in here.' });
    await expect(changed).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.type(' And now?');
    await page.keyboard.press('Escape');
    await expect(changed).toContainText('And now?');
  });

  await test.step('a comment grows with its text, in the same step', async () => {
    const note = nodes.filter({ hasText: 'Letters come in here.' });
    const text = note.locator('.note__text');
    const height = (): Promise<number> => note.evaluate((element) => (element as HTMLElement).offsetHeight);
    const before = await height();
    await note.dblclick();
    await page.getByLabel('Comment text').fill(`Letters come in here.${'\nand one more line'.repeat(9)}`);
    await expect.poll(height).toBeGreaterThan(before + 60);
    await page.keyboard.press('Escape');
    await expect(text).toContainText('and one more line');
    expect(await text.evaluate((element) => element.scrollHeight - element.clientHeight)).toBeLessThanOrEqual(1);
    await page.keyboard.press('Control+z');
    await expect(note).not.toContainText('and one more line');
    await expect.poll(height).toBe(before);
  });

  await test.step('a node dropped onto a wire is put into it', async () => {
    await page
      .getByRole('button', { name: 'Add Dropout' })
      .dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 120, y: 90 } });
    const dropout = studio.node('Dropout');
    await expect(dropout).toBeVisible();
    await studio.settled();
    const [from, to, own] = await Promise.all([
      studio.port(studio.node('Embedding'), 'sequence', 'source').boundingBox(),
      studio.port(studio.node('Bidirectional'), 'sequence', 'target').boundingBox(),
      dropout.boundingBox(),
    ]);
    if (!from || !to || !own) throw new Error('a node is out of view');
    const count = await wires.count();
    await page.mouse.move(own.x + own.width / 2, own.y + 12);
    await page.mouse.down();
    await page.mouse.move((from.x + to.x) / 2, from.y + 6, { steps: 10 });
    await page.mouse.up();
    await expect(wires).toHaveCount(count + 1);
    await page.keyboard.press('Control+z');
    await expect(wires).toHaveCount(count);
  });
});

test('what was chosen and made is there again: theme, unsaved work, saved file, recent files', async ({ app, window: page }) => {
  const studio = new Studio(page);
  const name = page.getByRole('textbox', { name: 'Document name' });
  await expect(studio.node('GRU cell')).toBeVisible();
  const theme = (): Promise<string | undefined> => page.evaluate(() => document.documentElement.dataset['theme']);
  const before = await theme();
  await page.getByRole('button', { name: /^Use the (dark|light) theme/ }).click();
  await expect.poll(theme).not.toBe(before);
  const chosen = await theme();
  await name.fill('not saved yet');
  await name.press('Enter');
  await expect.poll(async () => (await page.title()).startsWith('•')).toBe(true);

  // The autosave follows the last change by less than a second; a crash loses no more than that.
  await expect
    .poll(() => existsSync(join(app.home, 'autosave')) && readdirSync(join(app.home, 'autosave')).length)
    .toBeGreaterThan(0);
  await page.reload();
  expect(await theme()).toBe(chosen);
  await expect(name).toHaveValue('not saved yet');

  const file = join(app.home, 'kept.unroll.json');
  await page.keyboard.press('Control+s');
  await page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(file);
  await page.keyboard.press('Enter');
  await expect(page.getByTitle(file)).toHaveText('saved');
  await page.keyboard.press('Control+Alt+n');
  await expect(page.getByText('Start a network')).toBeVisible();
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: 'kept.unroll.json' }).click();
  await expect(name).toHaveValue('not saved yet');

  const broken = join(app.home, 'broken.unroll.json');
  writeFileSync(broken, '{"format":');
  await studio.chooseToOpen(broken);
  await expect(page.getByText('The document was not opened', { exact: false }).first()).toBeVisible();
  await expect(name).toHaveValue('not saved yet');
});

test('the card of a cell that is dragged onto a wrapper takes the place of its cell, as one step', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toContainText('48 wide');
  await page.getByRole('button', { name: 'Add LSTM cell' }).dragTo(page.locator('.react-flow__pane'), {
    targetPosition: { x: 120, y: 500 },
  });
  const lstm = studio.node('LSTM cell');
  await expect(lstm).toBeVisible();
  await expect(lstm).not.toContainText('48 wide');
  await studio.settled();
  const centre = async (title: string): Promise<{ x: number; y: number }> => {
    const box = await studio.node(title).boundingBox();
    if (!box) throw new Error(`${title} is out of view`);
    return { x: box.x + box.width / 2, y: box.y + 14 };
  };
  const [from, onto, before] = [await centre('LSTM cell'), await centre('Bidirectional'), await centre('GRU cell')];
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(onto.x, onto.y, { steps: 8 });
  await expect(studio.node('Bidirectional').locator('.card')).toHaveAttribute('data-drop', 'true');
  await page.mouse.up();
  await expect(lstm).toContainText('48 wide');
  await expect(page.getByRole('group', { name: 'Wire from LSTM cell to Bidirectional' })).toBeAttached();
  const now = await centre('LSTM cell');
  expect(Math.hypot(now.x - before.x, now.y - before.y)).toBeLessThan(3);
  await page.getByRole('button', { name: 'Remove GRU cell' }).click();
  await expect(studio.node('GRU cell')).toHaveCount(0);
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('group', { name: 'Wire from GRU cell to Bidirectional' })).toBeAttached();
  const back = await centre('LSTM cell');
  expect(Math.hypot(back.x - from.x, back.y - from.y)).toBeLessThan(3);
});
