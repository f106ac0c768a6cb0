import type { Locator, Page } from '@playwright/test';
import { expect, moving, test } from './fixtures.ts';
import { Studio } from './studio.ts';

test.use(moving);

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

async function box(locator: Locator): Promise<Box> {
  const found = await locator.boundingBox();
  if (!found) throw new Error('it is not on the screen');
  return found;
}

const pane = (page: Page): Locator => page.locator('.react-flow');
const edge = (page: Page, name: string): Locator => page.getByRole('separator', { name });
const layers = (page: Page): Locator => page.getByRole('complementary', { name: 'Layers' });
const inspector = (page: Page): Locator => page.getByRole('complementary', { name: 'Inspector' });

/** The nodes that are wholly on the canvas, by id. */
const inView = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const room = document.querySelector('.react-flow')?.getBoundingClientRect();
    if (!room) return [];
    return [...document.querySelectorAll<HTMLElement>('.react-flow__node')].flatMap((node) => {
      const { left, top, right, bottom } = node.getBoundingClientRect();
      const inside = left >= room.left - 0.5 && top >= room.top - 0.5 && right <= room.right + 0.5 && bottom <= room.bottom + 0.5;
      return inside ? [node.dataset['id'] ?? ''] : [];
    });
  });

async function dragEdge(page: Page, name: string, x: number, y: number): Promise<void> {
  const { x: left, y: top, width, height } = await box(edge(page, name));
  await page.mouse.move(left + width / 2, top + height / 2);
  await page.mouse.down();
  await page.mouse.move(left + width / 2 + x, top + height / 2 + y, { steps: 5 });
  await page.mouse.up();
}

test('docks are resized by mouse and keyboard, closed and opened, and are so after a restart', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const before = (await box(inspector(page))).width;
  await dragEdge(page, 'Inspector', -100, 0);
  await expect.poll(async () => (await box(inspector(page))).width).toBeCloseTo(before + 100, 0);

  const narrow = (await box(layers(page))).width;
  await edge(page, 'Layers').focus();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await box(layers(page))).width).toBeGreaterThan(narrow + 30);
  const wide = (await box(layers(page))).width;

  // Enter at the edge, the button above the canvas, keys, dragging to nothing: all close and open.
  await page.keyboard.press('Enter');
  await expect(layers(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the layers' }).click();
  await expect.poll(async () => (await box(layers(page))).width).toBeCloseTo(wide, 0);
  await page.keyboard.press('Control+i');
  await expect(inspector(page)).toHaveCount(0);
  await page.keyboard.press('Control+i');
  await expect.poll(async () => (await box(inspector(page))).width).toBeCloseTo(before + 100, 0);
  await dragEdge(page, 'Layers', -400, 0);
  await expect(layers(page)).toHaveCount(0);
  // A key that looks for a layer opens the list that it looks in.
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox', { name: 'Find a layer' })).toBeFocused();

  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Hide the layers' }).click();
  await page.reload();
  await expect(studio.node('GRU cell')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Show the layers' })).toBeVisible();
  await expect.poll(async () => (await box(inspector(page))).width).toBeCloseTo(before + 100, 0);
});

test('a smaller window closes no dock, and a larger one gives back its size', async ({ window: page }) => {
  await dragEdge(page, 'Inspector', -200, 0);
  await dragEdge(page, 'Layers', 150, 0);
  const sizes = async (): Promise<number[]> =>
    [await box(layers(page)), await box(inspector(page))].map(({ width }) => Math.round(width));
  const wide = await sizes();
  await page.setViewportSize({ width: 900, height: 700 });
  await expect.poll(async () => (await box(pane(page))).width).toBeGreaterThanOrEqual(200);
  await expect(layers(page)).toBeVisible();
  await expect(inspector(page)).toBeVisible();
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(sizes).toEqual(wide);
  // Narrower still, the docks are drawers.
  await page.setViewportSize({ width: 640, height: 400 });
  await expect(inspector(page)).toHaveCount(0);
  await page.getByRole('button', { name: 'Show the inspector' }).click();
  await expect(inspector(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(inspector(page)).toHaveCount(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await expect.poll(sizes).toEqual(wide);
});

test('what was in view stays in view', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.settled();
  const all = await inView(page);
  expect(all).toHaveLength(await page.locator('.react-flow__node').count());

  const place = await box(studio.node('GRU cell'));
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+i');
  await expect(inspector(page)).toHaveCount(0);
  await studio.settled();
  expect(await box(studio.node('GRU cell')), 'nothing moves that can stay').toEqual(place);
  await page.keyboard.press('Control+b');
  await page.keyboard.press('Control+i');

  for (const change of [
    () => dragEdge(page, 'Inspector', -60, 0),
    () => dragEdge(page, 'Layers', 40, 0),
    () => page.setViewportSize({ width: 900, height: 700 }),
    () => page.setViewportSize({ width: 640, height: 400 }),
    () => page.setViewportSize({ width: 1280, height: 800 }),
  ]) {
    await change();
    await studio.settled();
    expect(await inView(page)).toEqual(all);
  }
  await studio.command('Add LSTM cell');
  await studio.settled();
  expect(await inView(page)).toEqual(expect.arrayContaining(all));

  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  await studio.settled();
  const room = await box(pane(page));
  const boxes = await Promise.all((await page.locator('.react-flow__node').all()).map(box));
  const left = Math.min(...boxes.map(({ x }) => x)) - room.x;
  const right = room.x + room.width - Math.max(...boxes.map(({ x, width }) => x + width));
  const above = Math.min(...boxes.map(({ y }) => y)) - room.y;
  const below = room.y + room.height - Math.max(...boxes.map(({ y, height }) => y + height));
  expect(Math.abs(left - right)).toBeLessThan(2);
  expect(Math.abs(above - below)).toBeLessThan(2);

  // A size that was asked for stays, although all of the graph was in view before it.
  const cell = studio.node('GRU cell');
  const width = await cell.evaluate((node) => (node as HTMLElement).offsetWidth);
  await page.keyboard.press('0');
  await expect.poll(async () => (await box(cell)).width).toBeCloseTo(width, 0);
  await page.setViewportSize({ width: 1600, height: 1000 });
  await expect.poll(async () => (await box(pane(page))).width).toBeGreaterThan(room.width + 200);
  await studio.settled();
  expect((await box(cell)).width).toBeCloseTo(width, 0);
});

test('however far a graph is looked at from, what is read on it is 8 px high or more', async ({ window: page }) => {
  const studio = new Studio(page);
  // Cards grow when more is known of them.
  await expect(studio.node('Embedding')).toContainText('parameters');
  await studio.settled();
  await page.getByRole('button', { name: 'Add a comment' }).click();
  await page.getByLabel('Comment text').fill('# Why\nby `letters`\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |');
  await page.keyboard.press('Escape');
  await expect(page.locator('.note td').first()).toBeVisible();
  const seen = () =>
    page.evaluate(() => {
      const zoom = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport') ?? document.body).transform).a;
      const found = [...document.querySelectorAll<HTMLElement>(':is(.card, .block, .note) *, .wire__label')].filter(
        (element) =>
          [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '') &&
          element.checkVisibility({ visibilityProperty: true }),
      );
      const sizes = found.map((element) => Number.parseFloat(getComputedStyle(element).fontSize) * zoom);
      return { zoom, smallest: Math.min(...sizes), words: found.map(({ textContent }) => textContent) };
    });
  // The document has places for cards as they are: from half-way they are as large.
  const height = await studio.node('Embedding').evaluate((node) => (node as HTMLElement).offsetHeight);
  let names = 0;
  for (let zoom = 1; zoom > 0.4; ) {
    await page.getByRole('button', { name: 'Zoom out' }).click();
    await studio.settled();
    const now = await seen();
    expect(now.smallest, `text at ${Math.round(100 * now.zoom)} %`).toBeGreaterThanOrEqual(7.99);
    expect(now.words).toEqual(expect.arrayContaining(['Embedding', 'Why', 'letters', 'one', '2']));
    expect(await studio.node('Embedding').evaluate((node) => (node as HTMLElement).offsetHeight)).toBe(height);
    if ((await page.locator('.canvas__flow--names').count()) > 0) names += 1;
    zoom = now.zoom;
  }
  expect(names, 'cards with their names alone come before blocks').toBeGreaterThan(0);
});

test('a much larger window shows a document as it opens there, until somebody moves it', async ({ window: page }) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await studio.settled();
  const sides = async (): Promise<readonly [number, number]> => {
    const room = await box(pane(page));
    const boxes = await Promise.all((await page.locator('.react-flow__node').all()).map(box));
    return [
      Math.min(...boxes.map(({ x }) => x)) - room.x,
      room.x + room.width - Math.max(...boxes.map(({ x, width }) => x + width)),
    ];
  };
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(async () => Math.abs((await sides())[0] - (await sides())[1])).toBeLessThan(2);
  await page.setViewportSize({ width: 1280, height: 800 });
  await studio.settled();
  const [x, y] = [(await box(pane(page))).x + 12, (await box(pane(page))).y + 12];
  await page.mouse.move(x, y);
  await page.mouse.wheel(20, 10);
  await studio.settled();
  const [left] = await sides();
  await page.setViewportSize({ width: 1920, height: 1080 });
  await expect.poll(async () => (await sides())[1]).toBeGreaterThan(300);
  await studio.settled();
  expect((await sides())[0]).toBeCloseTo(left, 0);
});

test('a graph too wide to be read whole opens at its input, in letters of 11 px or more', async ({ window: page }) => {
  const studio = new Studio(page);
  await page.setViewportSize({ width: 900, height: 700 });
  await studio.openTemplate(/Open template Tag names/);
  await expect(studio.node('Tokens')).toBeVisible();
  await studio.settled();
  const smallest = await page.evaluate(() => {
    const zoom = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport') ?? document.body).transform).a;
    const texts = [...document.querySelectorAll('.react-flow__node *, .wire__label')].filter((e) => e.textContent?.trim() !== '');
    return Math.min(...texts.map((element) => Number.parseFloat(getComputedStyle(element).fontSize) * zoom));
  });
  expect(smallest).toBeGreaterThanOrEqual(10.99);
  // Each port is a target of 24 px that nothing else lies over.
  const missed = await page.evaluate(() => {
    const around = [-11.9, 0, 11.9];
    const room = document.querySelector('.react-flow')?.getBoundingClientRect();
    return [...document.querySelectorAll('.react-flow__node .port')].flatMap((port) => {
      const { x, y, width, height } = port.getBoundingClientRect();
      const [left, top] = [x + width / 2, y + height / 2];
      if (!room || left - 12 < room.left || left + 12 > room.right || top + 12 > room.bottom) return [];
      const hit = around.every((right) =>
        around.every((down) => document.elementFromPoint(left + right, top + down)?.closest('.port') === port),
      );
      return hit ? [] : [port.getAttribute('aria-label')];
    });
  });
  expect(missed).toEqual([]);
  const [input, room] = [await box(studio.node('Tokens')), await box(pane(page))];
  expect(input.x - room.x).toBeCloseTo(24, 0);
  await expect(studio.node('Dense')).not.toBeInViewport();

  // Its wires meet a card at its ports, from however far it was looked at.
  await studio.node('Embedding').click();
  const wires = (): Promise<readonly number[]> =>
    page.evaluate(() => {
      const paths = [...document.querySelectorAll('.react-flow__edge-path')].slice(0, 2).map((path) => path.getAttribute('d'));
      return (paths.join().match(/-?[\d.]+/g) ?? []).map((number) => Math.round(2 * Number(number)));
    });
  const lay = await wires();
  for (const [tool, far] of [
    ['Zoom out', 1],
    ['Zoom in', 0],
  ] as const) {
    for (let i = 0; i < 5; i++) await page.getByRole('button', { name: tool }).click();
    await expect(page.locator('.canvas__flow--far')).toHaveCount(far);
    await studio.settled();
  }
  expect(await wires()).toEqual(lay);
});
