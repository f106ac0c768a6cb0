import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { largeDocument } from '../bench/canvas/large-document.ts';
import type { UnrollDocument } from '../engine/document/schema.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const document = largeDocument(1000, 1500);

async function openLarge(home: string, page: Page, large: UnrollDocument = document): Promise<Studio> {
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
  const order = document.nodes.slice(1, 41).map(({ id }) => id);
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
  expect(await page.locator('.react-flow__node').count()).toBeGreaterThan(800);
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
  const wires = page.locator('.far-wires .react-flow__edge');
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
  const wire = page.locator('.far-wires .react-flow__edge[data-id="w0"]');
  await expect(wire).toBeAttached();
  await page.mouse.down();
  await page.mouse.up();
  await expect(wire).toHaveAttribute('data-selected', 'true');
  await page.keyboard.press('Delete');
  await expect(wire).toHaveCount(0);
  await page.keyboard.press('Control+z');

  // Far away they lie where they lay.
  await nodeOf(page, 'recurrent0').focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('.far-wires .react-flow__edge[data-id="w2"]')).toBeAttached();
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
  for (let click = 0; click < 9; click++) await page.getByRole('button', { name: 'Zoom in' }).click();
  await expect(page.locator('.card').nth(3)).toBeVisible();
  await expect(page.locator('.react-flow__edges .react-flow__edge').nth(3)).toBeAttached();
  await expect(page.locator('.far-wires')).toHaveCount(0);
});
