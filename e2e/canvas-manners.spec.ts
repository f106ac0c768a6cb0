import type { Locator, Page } from '@playwright/test';
import { expect, moving, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use(moving);

/** Left edge, upper edge and zoom of the view. */
async function viewOf(page: Page): Promise<{ x: number; y: number; zoom: number }> {
  const style = (await page.locator('.react-flow__viewport').getAttribute('style')) ?? '';
  const [x = 0, y = 0, zoom = 0] = (style.match(/-?[\d.]+/g) ?? []).map(Number);
  return { x, y, zoom };
}

/** How far the view has moved since then, in whole pixels: styles hold six digits. */
async function movedSince(page: Page, before: { x: number; y: number }): Promise<readonly [number, number]> {
  const { x, y } = await viewOf(page);
  return [Math.round(x - before.x), Math.round(y - before.y)];
}

async function centreOf(element: Locator): Promise<{ x: number; y: number }> {
  const box = await element.boundingBox();
  if (!box) throw new Error('it is out of view');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

async function open(page: Page): Promise<Studio> {
  const studio = new Studio(page);
  // Cards grow when more is known of them.
  await expect(studio.node('Embedding')).toContainText('parameters');
  await studio.settled();
  return studio;
}

test('the view moves and zooms by wheel, two fingers, Space and the middle button, as chosen', async ({ window: page }) => {
  const studio = await open(page);
  const node = await centreOf(studio.node('Embedding'));
  await page.mouse.move(node.x, node.y);

  await test.step('the wheel zooms, and who moves two fingers is told once that they can pan', async () => {
    const before = await viewOf(page);
    await page.mouse.wheel(0, -60);
    await expect.poll(async () => (await viewOf(page)).zoom).toBeGreaterThan(before.zoom);
    await page.mouse.wheel(12, 9);
    await page.getByRole('button', { name: 'Let them pan' }).click();
    await page.mouse.move(node.x, node.y);
  });

  await test.step('then both pan by as much as they move, on a node too, and Ctrl with the wheel zooms', async () => {
    const before = await viewOf(page);
    await page.mouse.wheel(30, 20);
    await expect.poll(() => movedSince(page, before)).toEqual([-30, -20]);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -60);
    await page.keyboard.up('Control');
    await expect.poll(async () => (await viewOf(page)).zoom).toBeGreaterThan(before.zoom);
  });

  await test.step('Space and the middle button pan where a node lies, and move no node', async () => {
    const place = () => studio.node('Embedding').evaluate((element) => (element as HTMLElement).style.transform);
    const still = await place();
    for (const button of ['left', 'middle'] as const) {
      const before = await viewOf(page);
      const at = await centreOf(studio.node('Embedding'));
      await page.mouse.move(at.x, at.y);
      if (button === 'left') await page.keyboard.down('Space');
      await page.mouse.down({ button });
      await page.mouse.move(at.x + 40, at.y + 25, { steps: 4 });
      await page.mouse.up({ button });
      if (button === 'left') await page.keyboard.up('Space');
      await expect.poll(() => movedSince(page, before), button).toEqual([40, 25]);
    }
    expect(await place()).toBe(still);
    expect(await page.title()).not.toMatch(/^•/);
  });

  await test.step('the choice is kept, shown and changed in the canvas settings', async () => {
    await page.reload();
    await expect(studio.node('GRU cell')).toBeVisible();
    await page.getByRole('button', { name: 'Canvas settings' }).click();
    await expect(page.getByRole('menuitemcheckbox', { name: /^Mouse wheel pans/ })).toBeChecked();
    await page.getByRole('menuitemcheckbox', { name: /^Mouse wheel zooms/ }).click();
    const before = await viewOf(page);
    await page.mouse.move(node.x, node.y);
    await page.mouse.wheel(0, -60);
    await expect.poll(async () => (await viewOf(page)).zoom).toBeGreaterThan(before.zoom);
  });
});

test('Shift selects an area, and takes what is clicked in or out', async ({ window: page }) => {
  const studio = await open(page);
  const [first, second] = [studio.node('Embedding'), studio.node('GRU cell')];
  const from = await first.boundingBox();
  const to = await second.boundingBox();
  if (!from || !to) throw new Error('a node is out of view');
  await page.keyboard.down('Shift');
  await page.mouse.move(from.x - 12, from.y - 20);
  await page.mouse.down();
  await page.mouse.move(to.x + to.width + 12, to.y + to.height + 12, { steps: 6 });
  await page.mouse.up();
  await expect(first).toHaveClass(/selected/);
  await expect(second).toHaveClass(/selected/);
  await first.click();
  await expect(first).not.toHaveClass(/selected/);
  await expect(second).toHaveClass(/selected/);
  await first.click();
  await expect(first).toHaveClass(/selected/);
  await page.keyboard.up('Shift');
  // Without Shift a click chooses one.
  await second.click();
  await expect(first).not.toHaveClass(/selected/);
});

test('a node is renamed on its card with a double-click or F2, as one step; Escape drops', async ({ window: page }) => {
  const studio = await open(page);
  const node = page.locator('.react-flow__node[data-id="embedding"]');
  const field = node.getByRole('textbox');
  await studio.node('Embedding').getByText('Embedding').dblclick();
  await expect(field).toBeFocused();
  await page.keyboard.type('Letters');
  await page.keyboard.press('Enter');
  await expect(node).toContainText('Letters');
  await expect(field).toHaveCount(0);
  // The keyboard is at the node again.
  await expect(node).toBeFocused();
  await page.keyboard.press('F2');
  await expect(field).toHaveValue('Letters');
  await page.keyboard.type('Dropped');
  await page.keyboard.press('Escape');
  await expect(node).toContainText('Letters');
  await page.keyboard.press('Control+z');
  await expect(node).toContainText('Embedding');
  await expect(page).not.toHaveTitle(/^•/);

  // Leaving the field keeps.
  await page.keyboard.press('F2');
  await page.keyboard.type('Left');
  await page.locator('.react-flow__pane').click({ position: { x: 30, y: 60 } });
  await expect(node).toContainText('Left');
  await page.keyboard.press('Control+z');
  await expect(node).toContainText('Embedding');
});

test('what is selected together is aligned and spread by keys, buttons and menu, each as one step', async ({ window: page }) => {
  const studio = await open(page);
  const nodes = ['Tokens', 'GRU cell', 'Softmax'].map((title) => studio.node(title));
  const boxes = async () => {
    const found = await Promise.all(nodes.map((node) => node.boundingBox()));
    return found.map((box) => ({ x: box?.x ?? 0, y: box?.y ?? 0, width: box?.width ?? 0, height: box?.height ?? 0 }));
  };
  const close = (values: readonly number[]): boolean => Math.max(...values) - Math.min(...values) <= 1;
  const corners = async () => (await boxes()).map(({ x, y }) => [x, y]);
  const before = await corners();
  expect(close(before.map(([x = 0]) => x))).toBe(false);
  for (const node of nodes) await node.click({ modifiers: ['Shift'] });

  await page.keyboard.press('Alt+a');
  await expect.poll(async () => close((await boxes()).map(({ x }) => x))).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(corners).toEqual(before);
  await expect(page).not.toHaveTitle(/^•/);

  await page
    .getByRole('toolbar', { name: 'Align' })
    .getByRole('button', { name: /Same gaps in the row/ })
    .click();
  const gaps = async (): Promise<number[]> => {
    const row = (await boxes()).sort((a, b) => a.x - b.x);
    return row.slice(1).map((box, i) => box.x - (row[i]?.x ?? 0) - (row[i]?.width ?? 0));
  };
  await expect.poll(async () => close(await gaps())).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(corners).toEqual(before);

  await nodes[0]?.click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Align', exact: true }).press('ArrowRight');
  await page.getByRole('menuitem', { name: /Align bottom/ }).press('Enter');
  await expect.poll(async () => close((await boxes()).map(({ y, height }) => y + height))).toBe(true);
});

test('what is dragged snaps to what lies around it, shown by lines, unless a key is held or it is switched off', async ({
  window: page,
}) => {
  const studio = await open(page);
  const moved = studio.node('Dense softmax');
  const column = studio.node('Bidirectional');
  const lines = page.locator('.guides line');
  const scale = (await viewOf(page)).zoom;
  /** How far the one lies right of the other, in graph units. */
  const aside = async (): Promise<number> => {
    const [a, b] = [await moved.boundingBox(), await column.boundingBox()];
    return Math.round(((a?.x ?? 0) - (b?.x ?? 0)) / scale);
  };
  /** Drags it by so many graph units, to within one, and looks before it is dropped. */
  const dragBy = async (right: number, down: number, looked: () => Promise<void>): Promise<void> => {
    const box = await moved.boundingBox();
    if (!box) throw new Error('it is out of view');
    const [x, y] = [box.x + box.width / 2, box.y + 12];
    await page.mouse.move(x, y);
    await page.mouse.down();
    // A drag begins with the second pixel, and counts from there.
    await page.mouse.move(x + 2, y);
    await page.mouse.move(x + 2 + right * scale, y + down * scale, { steps: 3 });
    await looked();
    await page.mouse.up();
    await expect(lines).toHaveCount(0);
  };

  // Above the row; then along it to within a few pixels of the column.
  await dragBy(-120, -110, async () => undefined);
  const far = await aside();
  expect(far).toBeGreaterThan(80);
  await dragBy(-3 - far, 0, async () => {
    await expect(lines).not.toHaveCount(0);
    expect(await aside()).toBe(0);
  });
  expect(await aside()).toBe(0);
  // One step.
  await page.keyboard.press('Control+z');
  await expect.poll(aside).toBe(far);

  const near = (distance: number): boolean => distance <= -1 && distance >= -5;
  await dragBy(-3 - far, 0, async () => {
    await page.keyboard.down('Control');
    await expect(lines).toHaveCount(0);
    await expect.poll(async () => near(await aside())).toBe(true);
    await page.keyboard.up('Control');
    await expect.poll(aside).toBe(0);
    await page.keyboard.down('Control');
  });
  await page.keyboard.up('Control');
  expect(near(await aside())).toBe(true);
  await page.keyboard.press('Control+z');
  await expect.poll(aside).toBe(far);

  await studio.command('Snap to what lies around');
  await dragBy(-3 - far, 0, async () => {
    await expect(lines).toHaveCount(0);
  });
});

test('a wire has its own menu, by mouse and by key: what flows, a layer put into it, its ends', async ({ window: page }) => {
  const studio = await open(page);
  const wire = page.getByRole('group', { name: 'Wire from Embedding to Bidirectional' });
  const nodes = page.locator('.react-flow__node');
  const menu = page.getByRole('menu').first();

  await wire.focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('m');
  await expect(menu).toContainText(/Embedding → Bidirectional: sequence B·T·\d+/);
  await page.keyboard.type('Insert');
  await page.keyboard.press('ArrowRight');
  await expect(page.getByRole('menuitem', { name: 'LSTM cell' })).toHaveCount(0);
  await expect(page.getByRole('menuitem', { name: 'Dropout' })).toBeVisible();
  await page.keyboard.type('Dropout');
  await expect(page.getByRole('menuitem', { name: 'Dropout' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(nodes.filter({ hasText: 'Dropout' })).toBeVisible();
  await expect(page.getByRole('group', { name: 'Wire from Embedding to Dropout' })).toBeAttached();
  await expect(page.getByRole('group', { name: 'Wire from Dropout to Bidirectional' })).toBeAttached();
  await page.keyboard.press('Control+z');
  await expect(nodes.filter({ hasText: 'Dropout' })).toHaveCount(0);

  await page.keyboard.press('f');
  await studio.settled();
  const [from, to] = [
    await centreOf(studio.port(studio.node('Embedding'), 'sequence', 'source')),
    await centreOf(studio.port(studio.node('Bidirectional'), 'sequence', 'target')),
  ];
  await page.mouse.click((from.x + to.x) / 2, (from.y + to.y) / 2, { button: 'right' });
  const flows = /sequence B·T·\d+/;
  await expect(page.getByRole('menu')).toContainText(flows);
  await expect(page.getByText(/^From Embedding to Bidirectional: /)).toHaveText(flows);
  await page.getByRole('menuitem', { name: 'Go to Bidirectional' }).click();
  await expect(nodes.filter({ hasText: 'Bidirectional' })).toBeFocused();
  await page.keyboard.press('m');
  // What it opens has the focus.
  await page.getByRole('menuitem', { name: /^Rename/ }).click();
  await expect(page.getByRole('textbox', { name: 'Name of Bidirectional' })).toBeFocused();
});

test('a port tells what it is, on hover and with the keyboard, within the window and not while something is dragged', async ({
  window: page,
}) => {
  const studio = await open(page);
  await page.clock.install();
  const tip = page.locator('.port-tip');
  const port = studio.port(studio.node('Embedding'), 'sequence', 'source');
  await port.hover();
  await expect(tip).toContainText(/sequence B·T·\d+/);
  await expect(tip).toContainText('To Bidirectional');
  expect(await page.locator('.react-flow__handle[title]').count()).toBe(0);
  // Not while a wire is drawn, even where it rests on a port.
  await page.mouse.down();
  await expect(tip).toHaveCount(0);
  await studio.port(studio.node('Bidirectional'), 'sequence', 'target').hover();
  // Whatever would open after a rest has had the time to.
  await page.clock.fastForward(5_000);
  await expect(tip).toHaveCount(0);
  await page.mouse.up();

  await studio.node('Embedding').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(tip).toContainText('Takes tokens');
  await expect(page.locator('.react-flow__handle:focus')).toHaveAccessibleDescription(/Takes tokens.*From Tokens/);
  await page.keyboard.press('Escape');
  await expect(tip).toHaveCount(0);

  // At the left edge of the window it stays inside.
  await page.getByRole('button', { name: 'Hide the layers' }).click();
  const at = await centreOf(port);
  await page.mouse.move(at.x + 40, at.y + 200);
  await page.mouse.down({ button: 'middle' });
  await page.mouse.move(46, at.y + 200, { steps: 5 });
  await page.mouse.up({ button: 'middle' });
  await port.hover();
  const box = await tip.boundingBox();
  expect(box?.x).toBeGreaterThanOrEqual(0);
  expect((await centreOf(port)).x).toBeLessThan(30);
});
