import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { addNode, connect } from '../engine/document/edit.ts';
import { emptyDocument, type UnrollDocument } from '../engine/document/schema.ts';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** Tokens, an embedding, then a tower of recurrent layers with their cells, layer norms and dropouts: 200 nodes, 199 wires. */
function tower(): UnrollDocument {
  let document = emptyDocument('two hundred');
  const add = (kind: Parameters<typeof addNode>[1], x: number, y: number): string => {
    const added = addNode(document, kind, { x, y });
    document = added.document;
    return added.id;
  };
  const wire = (from: string, output: string, to: string, input: string): void => {
    document = connect(document, { node: from, port: output }, { node: to, port: input });
  };
  const tokens = add('token-input', 0, 0);
  let last = { node: add('embedding', 220, 0), port: 'sequence' };
  wire(tokens, 'tokens', last.node, 'tokens');
  for (let layer = 0; document.nodes.length <= 196; layer++) {
    const x = 220 * (2 + (layer % 7) * 3);
    const y = 260 * Math.floor(layer / 7);
    const recurrent = add('recurrent', x, y);
    const norm = add('layer-norm', x + 220, y);
    const dropout = add('dropout', x + 440, y);
    wire(add(layer % 2 === 0 ? 'gru-cell' : 'lstm-cell', x, y + 132), 'cell', recurrent, 'cell');
    wire(last.node, last.port, recurrent, 'sequence');
    wire(recurrent, 'output', norm, 'input');
    wire(norm, 'output', dropout, 'input');
    last = { node: dropout, port: 'output' };
  }
  for (let i = document.nodes.length; i < 200; i++) {
    const dense = add('dense', 220 * (i - 190), 260 * 8);
    wire(last.node, last.port, dense, 'input');
    last = { node: dense, port: 'output' };
  }
  return document;
}

/** Milliseconds between frames while something is done, sorted. */
async function frames(page: Page, act: () => Promise<void>): Promise<number[]> {
  await page.evaluate(() => {
    const times: number[] = [];
    Object.assign(window, { frameTimes: times });
    const next = (now: number): void => {
      times.push(now);
      if ((window as unknown as { frameTimes: unknown }).frameTimes === times) requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  await act();
  const times = await page.evaluate(() => {
    const { frameTimes } = window as unknown as { frameTimes: number[] };
    Object.assign(window, { frameTimes: null });
    return frameTimes;
  });
  return times
    .slice(1)
    .map((time, i) => time - (times[i] ?? time))
    .sort((a, b) => a - b);
}

const summary = (sorted: readonly number[]): string => {
  const at = (share: number): string => (sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN).toFixed(1);
  return `${sorted.length} frames, median ${at(0.5)} ms, 95 % ${at(0.95)} ms, slowest ${at(1)} ms`;
};

test('a graph of 200 nodes is panned and edited', async ({ app, window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const file = join(app.home, 'large.unroll.json');
  writeFileSync(file, JSON.stringify(tower()));
  await studio.open(file);
  await expect(page.locator('.react-flow__node')).toHaveCount(200);
  await studio.settled();

  const sweep = async (): Promise<void> => {
    for (let i = 0; i < 40; i++) await page.mouse.move(400 + 6 * i, 300 + 3 * i);
  };
  const pane = page.locator('.react-flow__pane');
  const viewport = page.locator('.react-flow__viewport');
  const before = await viewport.getAttribute('style');
  const panned = await frames(page, async () => {
    await pane.hover({ position: { x: 20, y: 250 } });
    await page.mouse.down();
    await sweep();
    await page.mouse.up();
  });
  expect(await viewport.getAttribute('style')).not.toBe(before);
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  await studio.settled();

  const node = page.locator('.react-flow__node').nth(90);
  const place = (): Promise<string> => node.evaluate((element) => (element as HTMLElement).style.transform);
  const start = await place();
  const dragged = await frames(page, async () => {
    await node.hover();
    await page.mouse.down();
    await sweep();
    await page.mouse.up();
  });
  expect(await place()).not.toBe(start);
  console.log(`200 nodes: panning ${summary(panned)}; dragging ${summary(dragged)}`);
});
