import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { largeDocument } from '../bench/canvas/large-document.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import { expect, moving, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use(moving);

const graph = largeDocument(1000, 1500);

async function openLarge(home: string, page: Page, large: UnrollDocument = graph): Promise<Studio> {
  const studio = new Studio(page);
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  const file = join(home, 'large.unroll.json');
  writeFileSync(file, JSON.stringify(large));
  await studio.open(file);
  await expect(page.locator('.react-flow__node[data-id="tokens"]')).toBeVisible();
  await studio.settled();
  return studio;
}

const nodeOf = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
const placeOf = (page: Page, id: string): Promise<string> =>
  nodeOf(page, id).evaluate((element) => [(element as HTMLElement).style.left, (element as HTMLElement).style.top].join());

/** A wire's line in whole pixels: what is measured on a scaled page is not exact. */
async function pathOf(page: Page, id: string): Promise<readonly number[]> {
  const path = await page.locator(`.react-flow__edge[data-id="${id}"] .react-flow__edge-path`).getAttribute('d');
  return (path?.match(/-?[\d.]+/g) ?? []).map((number) => Math.round(Number(number) * 2) / 2);
}

test('1,000 nodes: only what is in view is drawn, and Tab reaches what is not', async ({ app, window: page }) => {
  const studio = await openLarge(app.home, page);
  const drawn = page.locator('.react-flow__node');
  await expect(nodeOf(page, 'recurrent100')).toHaveCount(0);
  expect(await drawn.count()).toBeLessThan(100);

  // In the document's order, out of the view and back.
  const order = graph.nodes.slice(1, 41).map(({ id }) => id);
  // The document may still be coming to rest, on a busy machine.
  await expect(async () => {
    await nodeOf(page, order[0] ?? '').focus();
    await page.keyboard.press('Tab');
    await expect(nodeOf(page, order[1] ?? '')).toBeFocused({ timeout: 1000 });
  }).toPass();
  for (const id of order.slice(2)) {
    await page.keyboard.press('Tab');
    await expect(nodeOf(page, id)).toBeFocused();
  }
  await expect(nodeOf(page, 'tokens')).toHaveCount(0);
  await page.keyboard.press('Shift+Tab');
  await expect(nodeOf(page, order.at(-2) ?? '')).toBeFocused();
  await studio.settled();
  expect(await drawn.count()).toBeLessThan(100);
});

test('1,000 nodes seen from afar are blocks that can be dragged, and wires that can be selected', async ({
  app,
  window: page,
}) => {
  const studio = await openLarge(app.home, page);
  // A wire between cards' sides, and one from a cell up to its wrapper: near they lie where React Flow measures the ports.
  const near = [await pathOf(page, 'w1'), await pathOf(page, 'w2')];
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  await studio.settled();
  await expect(page.locator('.react-flow__handle')).toHaveCount(0);
  await expect(page.locator('.block').first()).toBeVisible();
  await expect.poll(() => page.locator('.react-flow__node').count()).toBe(1000);
  expect(await page.locator('.react-flow__edge').count()).toBe(0);

  // Dragging one block moves it, and its wires; the rest stays as it is.
  const block = nodeOf(page, 'sum30');
  const rest = page.locator('.far-wires > path').first();
  const still = await placeOf(page, 'sum31');
  const start = await placeOf(page, 'sum30');
  await block.hover();
  await page.mouse.down();
  await page.mouse.move(500, 400);
  await page.mouse.move(520, 420);
  const wires = page.locator('.react-flow__edge');
  await expect(wires.first()).toBeAttached();
  const lying = await rest.getAttribute('d');
  const moving = await wires.first().locator('path').first().getAttribute('d');
  await page.mouse.move(560, 440);
  await expect.poll(() => wires.first().locator('path').first().getAttribute('d')).not.toBe(moving);
  expect(await rest.getAttribute('d')).toBe(lying);
  const shown = [await block.boundingBox(), await wires.first().locator('path').first().getAttribute('d')];
  await page.mouse.up();
  expect(await placeOf(page, 'sum30')).not.toBe(start);
  expect([await block.boundingBox(), await wires.first().locator('path').first().getAttribute('d')]).toEqual(shown);
  expect(await placeOf(page, 'sum31')).toBe(still);
  await expect(page).toHaveTitle(/^•/);
  // One step.
  await page.keyboard.press('Control+z');
  await expect.poll(() => placeOf(page, 'sum30')).toBe(start);
  await expect(page).not.toHaveTitle(/^•/);

  // Alone and selected it is a card, with ports for the keyboard.
  await block.focus();
  await page.keyboard.press('Enter');
  await expect(block.locator('.card')).toBeVisible();
  await expect(block.getByRole('button', { name: 'Wire the output output' })).toBeAttached();

  // A wire under the pointer can be selected and deleted.
  await page.keyboard.press('Escape');
  const [from, to] = [await nodeOf(page, 'tokens').boundingBox(), await nodeOf(page, 'embedding').boundingBox()];
  if (!from || !to) throw new Error('the first two nodes are not in view');
  await page.mouse.move((from.x + from.width + to.x) / 2, from.y + (from.width * 29) / 178);
  const wire = page.locator('.react-flow__edge[data-id="w0"]');
  await expect(wire).toBeAttached();
  await page.mouse.down();
  await page.mouse.up();
  await expect(wire).toHaveClass(/selected/);
  await page.keyboard.press('Delete');
  await expect(wire).toHaveCount(0);
  await page.keyboard.press('Control+z');

  // Far away they lie where they lay.
  await nodeOf(page, 'recurrent0').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.react-flow__edge[data-id="w2"]')).toBeAttached();
  expect([await pathOf(page, 'w1'), await pathOf(page, 'w2')]).toEqual(near);

  // All at once: in the drag they are shown where they lie afterwards.
  await block.focus();
  await page.keyboard.press('Control+a');
  const all = [block, nodeOf(page, 'sum31'), nodeOf(page, 'tokens')];
  const left = async (one: Locator): Promise<number> => Math.round((await one.boundingBox())?.x ?? 0);
  const lefts = (of: readonly Locator[]) => Promise.all(of.map(left));
  const before = await lefts(all);
  await block.hover();
  await page.mouse.down();
  for (const step of [20, 40, 60]) await page.mouse.move(500 + step, 400);
  const during = await lefts([...all, rest]);
  await page.mouse.up();
  for (const [i, x] of before.entries()) expect(Math.abs((during[i] ?? 0) - x)).toBeGreaterThan(20);
  expect(await lefts([...all, rest])).toEqual(during);
  await page.keyboard.press('Control+z');
  await expect.poll(() => lefts(all)).toEqual(before);

  // Cards and their wires come back once the zoom stands still.
  for (let click = 0; click < 9; click++) {
    await page.getByRole('button', { name: 'Zoom in' }).click();
    await studio.settled();
  }
  await expect(page.locator('.card').nth(3)).toBeVisible();
  await expect(page.locator('.react-flow__edges .react-flow__edge').nth(3)).toBeAttached();
  await expect(page.locator('.far-wires')).toHaveCount(0);
});

/** Turns the wheel over the middle of the canvas, all notches before the next frame. @returns what is drawn then, and what was before */
const zoomAtOnce = (page: Page, notches: number) =>
  page.evaluate(async (count) => {
    const drawn = () => ({
      cards: document.querySelectorAll('.card').length,
      blocks: document.querySelectorAll('.block').length,
      nodes: [...document.querySelectorAll<HTMLElement>('.react-flow__node')].map(({ dataset }) => dataset['id'] ?? ''),
      wires: [...document.querySelectorAll<HTMLElement>('.react-flow__edge')].map(({ dataset }) => dataset['id'] ?? ''),
      outlines: document.querySelectorAll('.far-nodes path').length,
      lines: document.querySelectorAll('.far-wires path').length,
    });
    const before = drawn();
    const view = (): string => document.querySelector('.react-flow__viewport')?.getAttribute('style') ?? '';
    const start = view();
    const pane = document.querySelector('.react-flow__pane');
    const box = pane?.getBoundingClientRect();
    if (!pane || !box) throw new Error('there is no canvas');
    const [clientX, clientY] = [box.x + box.width / 2, box.y + box.height / 2];
    for (let i = 0; i < Math.abs(count); i++)
      pane.dispatchEvent(
        new WheelEvent('wheel', {
          deltaY: 100 * Math.sign(count),
          clientX,
          clientY,
          ctrlKey: true,
          bubbles: true,
          cancelable: true,
        }),
      );
    // Until React has drawn it: outwards there is more in view.
    const shown = (): boolean => view() !== start && (count < 0 || document.querySelector('.far-nodes path') !== null);
    for (let tries = 0; !shown() && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 1));
    return { before, during: drawn() };
  }, notches);

/** Ids of the nodes that lie in view, by the document and the view. */
async function inView(page: Page): Promise<ReadonlySet<string>> {
  const view = await page.evaluate(() => {
    const box = document.querySelector('.react-flow')?.getBoundingClientRect();
    const viewport = document.querySelector('.react-flow__viewport');
    const { a, e, f } = new DOMMatrix(viewport ? getComputedStyle(viewport).transform : '');
    return { zoom: a, x: e, y: f, width: box?.width ?? 0, height: box?.height ?? 0 };
  });
  const left = (x: number) => x * view.zoom + view.x;
  const top = (y: number) => y * view.zoom + view.y;
  // Well in it: cards of other heights end elsewhere.
  const seen = graph.nodes.filter(
    ({ position: { x, y } }) => left(x + 178) > 2 && left(x) < view.width - 2 && top(y + 50) > 2 && top(y) < view.height - 2,
  );
  return new Set(seen.map(({ id }) => id));
}

test('while the zoom changes nothing new is drawn but outlines; afterwards all is there, as cards or as blocks, with its wires', async ({
  app,
  window: page,
}) => {
  const studio = await openLarge(app.home, page);
  const drawnIds = () =>
    page.locator('.react-flow__node').evaluateAll((nodes) => nodes.map((node) => (node as HTMLElement).dataset['id'] ?? ''));
  const allThere = async (what: '.card' | '.block', other: '.card' | '.block'): Promise<void> => {
    await studio.settled();
    await expect(page.locator('.far-nodes')).toHaveCount(0);
    await expect(page.locator(other)).toHaveCount(0);
    const [seen, ids] = [await inView(page), await drawnIds()];
    expect([...seen].filter((id) => !ids.includes(id))).toEqual([]);
    expect(await page.locator(what).count()).toBe(ids.length);
  };

  // Out, among cards: more come into view.
  const out = await zoomAtOnce(page, 4);
  expect(out.during.nodes.filter((id) => !out.before.nodes.includes(id))).toEqual([]);
  expect(out.during.wires.filter((id) => !out.before.wires.includes(id))).toEqual([]);
  expect(out.during.blocks).toBe(0);
  expect(out.during.outlines).toBeGreaterThan(2);
  expect(out.during.lines).toBeGreaterThan(2);
  await expect(page.locator('.far-nodes')).toHaveCount(0);
  await allThere('.card', '.block');
  const near = await inView(page);
  expect(near.size).toBeGreaterThan(out.before.nodes.length);
  const between = graph.edges.filter(({ from, to }) => near.has(from.node) && near.has(to.node)).map(({ id }) => id);
  const wires = await page
    .locator('.react-flow__edge')
    .evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset['id']));
  expect(between.filter((id) => !wires.includes(id))).toEqual([]);
  await expect(page.locator('.far-wires')).toHaveCount(0);

  // Further out, past where cards become blocks: what is drawn stays a card until the zoom stands still.
  const far = await zoomAtOnce(page, 4);
  expect(far.during.cards).toBe(far.before.cards);
  expect(far.during.blocks).toBe(0);
  await expect(page.locator('.block').first()).toBeVisible();
  await expect(page.locator('.card')).toHaveCount(0);
  await expect(page.locator('.far-nodes')).toHaveCount(0);
  await allThere('.block', '.card');
  await expect(page.locator('.react-flow__edge')).toHaveCount(0);

  // In again: blocks until then.
  const back = await zoomAtOnce(page, -5);
  expect(back.during.cards).toBe(0);
  await expect(page.locator('.card').first()).toBeVisible();
  await expect(page.locator('.block')).toHaveCount(0);
  await allThere('.card', '.block');
  await expect(page.locator('.react-flow__edge').nth(5)).toBeAttached();
  await expect(page.locator('.far-wires')).toHaveCount(0);
});

test('1,000 nodes are arranged while the window goes on, as one step; an edit, or Cancel, leaves them as they lie', async ({
  app,
  window: page,
}) => {
  const studio = await openLarge(app.home, page);
  const progress = page.getByRole('progressbar', { name: 'Arranging the graph' });
  const lay = await placeOf(page, 'tokens');
  const pane = page.locator('.react-flow__pane');

  await pane.press('l');
  await expect(progress).toBeVisible();
  await page.getByRole('toolbar', { name: 'Canvas tools' }).getByRole('button', { name: 'Cancel' }).click();
  await expect(progress).toHaveCount(0);
  expect(await placeOf(page, 'tokens')).toBe(lay);

  await pane.press('l');
  await expect(progress).toBeVisible();
  await nodeOf(page, 'tokens').click();
  await page.keyboard.press('ArrowDown');
  await expect(progress).toHaveCount(0);
  await expect(page.getByText('Not arranged', { exact: true })).toBeVisible();
  await page.keyboard.press('Control+z');
  expect(await placeOf(page, 'tokens')).toBe(lay);

  await page.getByRole('button', { name: 'Arrange the graph' }).click();
  await expect(progress).toBeVisible();
  await expect(progress).toHaveCount(0, { timeout: 120_000 });
  await studio.settled();
  expect(await placeOf(page, 'tokens')).not.toBe(lay);
  await page.keyboard.press('Control+z');
  await studio.settled();
  expect(await placeOf(page, 'tokens')).toBe(lay);
});
