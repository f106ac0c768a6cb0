import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { node, wire } from '../engine/document/fixtures/graph-literals.ts';
import { emptyDocument, type UnrollDocument } from '../engine/document/schema.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const at = (id: string, kind: Parameters<typeof node>[1], label: string, x: number, y: number) => ({
  ...node(id, kind),
  label,
  position: { x, y },
});
const document: UnrollDocument = {
  ...emptyDocument('wires'),
  nodes: [
    at('tokens', 'token-input', 'Words', 0, 0),
    at('embedding', 'embedding', 'Vectors', 330, 0),
    at('first', 'recurrent', 'First', 660, 0),
    at('second', 'recurrent', 'Second', 990, 0),
    at('cell', 'gru-cell', 'Cell', 660, 330),
    at('sum', 'add', 'Sum 👩🏽‍🎓 & é', 1320, 0),
    at('far', 'dense', 'Far', 2000, 0),
  ],
  edges: ['tokens.tokens > embedding.tokens', 'embedding.sequence > first.sequence', 'cell.cell > first.cell'].map(wire),
};

const blockOf = (page: Page, id: string) => page.locator(`.react-flow__node[data-id="${id}"]`);
async function centreOf(page: Page, id: string): Promise<{ readonly x: number; readonly y: number }> {
  const box = await blockOf(page, id).boundingBox();
  if (!box) throw new Error(`${id} is out of view`);
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

test('seen from afar, wires are drawn from blocks, their ends moved to others, and taken away', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(page.locator('.react-flow__node').first()).toBeVisible();
  const file = join(app.home, 'wires.unroll.json');
  writeFileSync(file, JSON.stringify(document));
  await studio.open(file);
  await expect(blockOf(page, 'tokens')).toBeVisible();
  await studio.settled();
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  await studio.settled();
  await expect(page.locator('.block').first()).toBeVisible();
  await expect(page.locator('.card')).toHaveCount(0);
  await expect(page.locator('.react-flow__handle')).toHaveCount(0);
  const said = (words: string) => expect(page.getByText(words, { exact: true })).toBeAttached();

  // The block under the pointer shows its ports, large enough to be hit.
  const [vectors, second] = [await centreOf(page, 'embedding'), await centreOf(page, 'second')];
  await page.mouse.move(vectors.x, vectors.y);
  const output = studio.port(blockOf(page, 'embedding'), 'sequence', 'source');
  await expect(output).toBeVisible();
  await output.hover();
  await page.mouse.down();
  await page.mouse.move(second.x - 40, second.y - 10, { steps: 4 });
  // What cannot take it is shown so.
  await expect(blockOf(page, 'tokens').locator('.block')).toHaveAttribute('data-fit', 'no');
  await expect(blockOf(page, 'second').locator('.block')).toHaveAttribute('data-fit', 'yes');
  await page.mouse.move(second.x, second.y);
  await page.mouse.up();
  await said('Wired Vectors to Second.');
  await expect(page.locator('.block[data-fit]')).toHaveCount(0);
  // One step.
  await page.keyboard.press('Control+z');
  await expect(page).not.toHaveTitle(/^•/);

  // From port to port, too.
  await page.mouse.move(vectors.x, vectors.y);
  await output.hover();
  await page.mouse.down();
  await page.mouse.move(second.x, second.y, { steps: 4 });
  await studio.port(blockOf(page, 'second'), 'sequence', 'target').hover();
  await page.mouse.up();
  await expect(page).toHaveTitle(/^•/);
  await page.keyboard.press('Control+z');
  await expect(page).not.toHaveTitle(/^•/);

  // A wire under the pointer can be taken by its end.
  const cell = await blockOf(page, 'cell').boundingBox();
  const first = await blockOf(page, 'first').boundingBox();
  if (!cell || !first) throw new Error('a block is out of view');
  await page.mouse.move(cell.x + cell.width / 2, (cell.y + first.y + first.height) / 2);
  const moved = page.locator('.react-flow__edge').filter({ has: page.locator('.react-flow__edgeupdater-source') });
  await expect(moved).toHaveAttribute('aria-label', 'Wire from Cell to First');
  await moved.locator('.react-flow__edgeupdater').nth(1).hover({ force: true });
  await page.mouse.down();
  await page.mouse.move(second.x, second.y + 20, { steps: 4 });
  await page.mouse.move(second.x, second.y);
  await page.mouse.up();
  await said('Wire moved: Cell to Second.');

  // On a block that takes it nowhere it stays; on nothing it is taken away.
  const grab = async (): Promise<void> => {
    const [from, to] = [await blockOf(page, 'cell').boundingBox(), await blockOf(page, 'second').boundingBox()];
    if (!from || !to) throw new Error('a block is out of view');
    await page.mouse.move((from.x + from.width / 2 + to.x + to.width / 2) / 2, (from.y + to.y + to.height) / 2);
    await expect(moved).toHaveAttribute('aria-label', 'Wire from Cell to Second');
    await moved.locator('.react-flow__edgeupdater').nth(1).hover({ force: true });
    await page.mouse.down();
  };
  const words = await centreOf(page, 'tokens');
  await grab();
  await page.mouse.move(words.x, words.y + 30, { steps: 4 });
  await page.mouse.move(words.x, words.y);
  await page.mouse.up();
  await expect(page.getByText('No port of Words takes a wire from here.', { exact: true })).toBeVisible();
  await grab();
  await page.mouse.move(second.x + 60, second.y + 150, { steps: 4 });
  await page.mouse.up();
  await said('Wire from Cell to Second removed.');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page).not.toHaveTitle(/^•/);

  // All of it is saved as a picture, also what is out of view.
  for (let i = 0; i < 6; i++) await page.getByRole('button', { name: 'Zoom in' }).click();
  await studio.settled();
  const inView = await page.locator('.card').count();
  expect(inView).toBeLessThan(document.nodes.length);
  await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 5, y: 5 } });
  const download = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: 'Save a picture of the graph: SVG' }).click();
  const picture = readFileSync(await (await download).path(), 'utf8');
  const titles = await page.evaluate((svg) => {
    const read = new DOMParser().parseFromString(svg, 'image/svg+xml');
    return [...read.querySelectorAll('text')].map((text) => ({
      x: text.getAttribute('x'),
      y: text.getAttribute('y'),
      title: text.textContent,
    }));
  }, picture);
  const [origin] = document.nodes;
  const drawn = (label: string) => titles.find(({ title }) => title === label);
  for (const { label = '', position } of document.nodes) {
    const { x, y } = drawn(label) ?? {};
    expect(Number(x) - Number(drawn(origin?.label ?? '')?.x), label).toBeCloseTo(position.x, 0);
    expect(Number(y) - Number(drawn(origin?.label ?? '')?.y), label).toBeCloseTo(position.y, 0);
  }
  expect(picture.match(/<path [^>]*d="M[^>]*stroke="#/g)?.length).toBeGreaterThanOrEqual(document.edges.length);
  await expect(page.locator('.card')).toHaveCount(inView);
});
