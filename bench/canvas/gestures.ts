import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';

/** Pixels of the wheel that zoom by a factor of 2 (d3-zoom). */
const wheelPixels = 500;

/** Moves of each gesture, one a frame: a second of 60 frames. */
const steps = 60;

interface Point {
  readonly x: number;
  readonly y: number;
}

declare global {
  interface Window {
    /** Milliseconds from the key to the frame that shows the document, or `null` until then. */
    shownAfter: number | null;
  }
}

/** In the page: notes when a card is shown that was not there before Enter was pressed, 10 ms late at most. */
export function watchOpening(): void {
  const before = new Set(document.querySelectorAll('.react-flow__node'));
  window.shownAfter = null;
  // Without named functions: tsx has each call a helper that the page does not have.
  window.addEventListener(
    'keydown',
    ({ timeStamp }) => {
      const timer = setInterval(() => {
        const nodes = [...document.querySelectorAll('.react-flow__node')];
        if (!nodes.some((node) => !before.has(node) && getComputedStyle(node).visibility === 'visible')) return;
        window.shownAfter = performance.now() - timeStamp;
        clearInterval(timer);
      }, 10);
    },
    { once: true, capture: true },
  );
}

/** In the page: how large the canvas shows things; 1 is full size. */
export function canvasScale(): number {
  const viewport = document.querySelector('.react-flow__viewport');
  return viewport === null ? Number.NaN : new DOMMatrix(getComputedStyle(viewport).transform).a;
}

/** Zooms to full size, at the middle of the canvas. */
export async function fullSize(page: Page): Promise<void> {
  const middle = await canvasMiddle(page);
  await page.mouse.move(middle.x, middle.y);
  await page.keyboard.down('Control');
  for (let scale = 0, tries = 0; Math.abs(scale - 1) > 0.02 && tries < 9; tries++) {
    scale = await page.evaluate(canvasScale);
    await page.mouse.wheel(0, wheelPixels * Math.log2(scale));
    await pause(300);
  }
  await page.keyboard.up('Control');
  await settle(page);
}

/** Waits until nothing moves, and nothing is drawn any more: React Flow glides to a fit, and the window puts things off until it has time. */
export async function settle(page: Page): Promise<void> {
  let [drawn, before] = [0, -1];
  for (let tries = 0; drawn !== before && tries < 30; tries++) {
    await pause(tries === 0 ? 700 : 400);
    before = drawn;
    drawn = await page.evaluate(() => document.getElementsByTagName('*').length);
  }
}

/** A gesture at its place: first the place is found, then the moves are made that are measured. */
type Gesture = (page: Page) => Promise<() => Promise<void>>;

export const gestures: Readonly<Record<string, Gesture>> = {
  /** Drags the canvas by an empty place of it, around. */
  pan: async (page) => {
    const start = await placeOf(page, 'nothing');
    return () => sweep(page, start, 160);
  },
  /** Drags the node in the middle of the canvas around, by itself: of several that are selected all would follow. */
  drag: async (page) => {
    const empty = await placeOf(page, 'nothing');
    await page.mouse.click(empty.x, empty.y);
    await settle(page);
    const start = await placeOf(page, 'node');
    return () => sweep(page, start, 80);
  },
  /** Drags all nodes around by that one. Leaves them selected. */
  'drag all': async (page) => {
    const start = await placeOf(page, 'node');
    await page.locator('.react-flow__node').first().focus();
    await page.keyboard.press('Control+a');
    await settle(page);
    return () => sweep(page, start, 80);
  },
  /** The last: it may leave another zoom. Zooms in by a factor of 8 and out again, at the middle of the canvas. Ctrl with the wheel is what a trackpad's pinch sends. */
  zoom: async (page) => {
    const middle = await canvasMiddle(page);
    return async () => {
      await page.mouse.move(middle.x, middle.y);
      await page.keyboard.down('Control');
      for (let step = 0; step < steps; step++) {
        await page.mouse.wheel(0, (step < steps / 2 ? -3 : 3) * (wheelPixels / (steps / 2)));
        await pause(17);
      }
      await page.keyboard.up('Control');
      await settle(page);
    };
  },
};

/** Presses the node in the middle of the canvas, moves it a little and lifts it, with time between: what each leads to is drawn. */
export const pressAndLift: Gesture = async (page) => {
  const empty = await placeOf(page, 'nothing');
  await page.mouse.click(empty.x, empty.y);
  await settle(page);
  const { x, y } = await placeOf(page, 'node');
  await page.mouse.move(x, y);
  await settle(page);
  return async () => {
    await page.mouse.down();
    await settle(page);
    for (const by of [6, 12]) await page.mouse.move(x + by, y + by / 2);
    await settle(page);
    await page.mouse.up();
    await settle(page);
  };
};

async function sweep(page: Page, { x, y }: Point, radius: number): Promise<void> {
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let step = 1; step <= steps; step++) {
    const angle = (2 * Math.PI * step) / steps;
    await page.mouse.move(x + radius * Math.sin(angle), y + (radius / 2) * (1 - Math.cos(angle)));
  }
  await page.mouse.up();
  await settle(page);
}

async function canvasMiddle(page: Page): Promise<Point> {
  const box = await page.locator('.react-flow__pane').boundingBox();
  if (box === null) throw new Error('there is no canvas');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/**
 * The place nearest to the middle of the canvas where a press meets the middle of a node's card (ports, which would draw a wire, are at
 * its edges, and those of a block come with the pointer), or nothing.
 */
async function placeOf(page: Page, what: 'node' | 'nothing'): Promise<Point> {
  const found = await page.evaluate((wanted) => {
    const box = document.querySelector('.react-flow__pane')?.getBoundingClientRect();
    if (!box) return null;
    const [middle, centre] = [box.x + box.width / 2, box.y + box.height / 2];
    // Outwards from the middle, ring by ring.
    for (let ring = 0; ring < Math.max(box.width, box.height) / 2; ring += 8)
      for (let turn = 0; turn < 12; turn++) {
        const x = middle + ring * Math.cos((turn * Math.PI) / 6);
        const y = centre + ring * Math.sin((turn * Math.PI) / 6);
        if (x <= box.x || y <= box.y || x >= box.right || y >= box.bottom) continue;
        const under = document.elementFromPoint(x, y);
        const card = under?.closest('.react-flow__node')?.getBoundingClientRect();
        const inside =
          card &&
          Math.abs(x - card.x - card.width / 2) < card.width / 4 &&
          Math.abs(y - card.y - card.height / 2) < card.height / 4;
        if (wanted === 'node' ? inside : under?.matches('.react-flow__pane')) return { x, y };
      }
    return null;
  }, what);
  if (found === null) throw new Error(`the canvas has no place with ${what}`);
  return found;
}
