import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { accessibleInBothThemes } from './accessible.ts';
import { expect, moving, test } from './fixtures.ts';
import { inTheme } from './looking.ts';
import { Studio } from './studio.ts';

test.use(moving);

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';
const images = join(import.meta.dirname, '..', 'docs', 'images');

const slider = (page: Page) => page.getByRole('slider', { name: 'Step of the sentence' });
const unfolded = (page: Page) => page.getByRole('region', { name: 'Bidirectional, unfolded in time' });
const button = (page: Page) => page.getByRole('button', { name: 'Unfolded in time' });
const copies = (page: Page, direction: 'forward' | 'backward') =>
  unfolded(page).getByRole('button', { name: new RegExp(`^Bidirectional, ${direction}, step`) });
const words = (page: Page) => unfolded(page).getByRole('status');

/** A trained network of both directions that reads a word. */
async function looking(page: Page, word: string, longest?: number): Promise<Studio> {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  if (longest !== undefined) {
    await studio.tab('Data');
    await page.getByRole('textbox', { name: 'Longest sequence' }).fill(String(longest));
    await page.getByRole('textbox', { name: 'Longest sequence' }).press('Enter');
    await studio.tab('Design');
  }
  await studio.shorten(1, 1000);
  await studio.train();
  await studio.trained();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await expect(slider(page)).toBeVisible({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Input', exact: true }).click();
  await page.getByRole('textbox', { name: 'Type a word' }).fill(word);
  await page.getByRole('button', { name: 'Look at it' }).click();
  await expect(slider(page)).toHaveText(word);
  return studio;
}

/** Waits until nothing moves on the canvas. */
async function still(page: Page, studio: Studio): Promise<void> {
  await expect(page.locator('.canvas__flow--unfolding')).toHaveCount(0);
  await studio.settled();
}

/** Where the nodes are in the window, by their first words. */
const boxes = (page: Page) =>
  page.locator('.react-flow__node').evaluateAll((nodes) =>
    nodes.map((node) => {
      const { left, top, right, bottom } = node.getBoundingClientRect();
      return { name: node.getAttribute('aria-label') ?? '', left, top, right, bottom };
    }),
  );

test('before anything is trained, a recurrent layer shows its delay, and unfolds into copies of any sentence', async ({
  window: page,
}) => {
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  const delay = page.getByRole('img', { name: /^Its state comes back one step later, and one step earlier/ });
  await expect(delay).toHaveCount(1);
  const before = await boxes(page);
  const title = await page.title();

  await test.step('the card’s button unfolds it; the others give room', async () => {
    await button(page).click();
    await expect(unfolded(page)).toBeVisible();
    await expect(delay).toHaveCount(0);
    await expect(unfolded(page).getByRole('img', { name: /^Bidirectional, forward, step/ })).toHaveCount(4);
    await expect(words(page)).toContainText('T copies of one cell');
    // What is out of view is not drawn.
    await page.keyboard.press('f');
    await still(page, studio);
    const now = await boxes(page);
    for (const [i, a] of now.entries())
      for (const b of now.slice(i + 1))
        expect(
          a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1,
          `${a.name} lies on ${b.name}`,
        ).toBe(false);
    const find = (name: string) => now.find((one) => one.name.startsWith(name));
    expect(find('Dense softmax')?.left).toBeGreaterThan(find('Bidirectional')?.right ?? Number.NaN);
    expect(find('GRU cell')?.top).toBeGreaterThan(find('Bidirectional')?.bottom ?? Number.NaN);
  });

  await test.step('wires end at its ports, also those of its cell', async () => {
    const ends = await page.locator('.react-flow__edge-path').evaluateAll((paths) =>
      paths.map((path) => {
        const line = path as SVGPathElement;
        const at = line.getPointAtLength(line.getTotalLength()).matrixTransform(line.getScreenCTM() ?? undefined);
        return { x: at.x, y: at.y };
      }),
    );
    const ports = await page.locator('.react-flow__node .target').evaluateAll((all) =>
      all.map((port) => {
        const { left, top, width, height } = port.getBoundingClientRect();
        return { x: left + width / 2, y: top + height / 2 };
      }),
    );
    for (const { x, y } of ends) expect(Math.min(...ports.map((port) => Math.hypot(port.x - x, port.y - y)))).toBeLessThan(9);
  });

  await test.step('what is put down stays there', async () => {
    const head = studio.node('Dense softmax');
    const from = await head.boundingBox();
    const at = { x: (from?.x ?? 0) + 40, y: (from?.y ?? 0) + 8 };
    await page.mouse.move(at.x, at.y);
    await page.mouse.down();
    await page.mouse.move(at.x, at.y + 60, { steps: 5 });
    const held = await head.boundingBox();
    await page.mouse.up();
    await still(page, studio);
    const put = await head.boundingBox();
    // It snaps to a grid.
    expect((put?.y ?? 0) - (from?.y ?? 0)).toBeGreaterThan(40);
    expect(put?.x).toBeCloseTo(held?.x ?? Number.NaN, 0);
    expect(put?.y).toBeCloseTo(held?.y ?? Number.NaN, 0);
    await page.keyboard.press('Control+z');
    await still(page, studio);
    expect(await page.title()).toBe(title);
  });

  await test.step('folded, all is as it was: the document never knew', async () => {
    await button(page).click();
    await expect(unfolded(page)).toHaveCount(0);
    await expect(delay).toHaveCount(1);
    await page.keyboard.press('f');
    await still(page, studio);
    // From the input on, at one size; how high a card is, its data decide, which may have arrived since.
    const corners = (all: typeof before): (readonly [string, number, number])[] => {
      const [first] = all;
      const scale = (first?.right ?? 0) - (first?.left ?? 0);
      return all.map(({ name, left, top }) => [name, (left - (first?.left ?? 0)) / scale, (top - (first?.top ?? 0)) / scale]);
    };
    const after = corners(await boxes(page));
    expect(after).toEqual(corners(before).map(([name, left, top]) => [name, expect.closeTo(left, 2), expect.closeTo(top, 2)]));
    await expect(page.getByRole('button', { name: /^Undo/ })).toHaveCount(0);
  });
});

test('with a sentence its copies are lit by the one cursor, and a parameter in all of them', async ({ window: page }) => {
  const studio = await looking(page, 'banana');
  await button(page).click();
  await expect(copies(page, 'forward')).toHaveCount(6);
  await expect(copies(page, 'backward')).toHaveCount(6);
  await still(page, studio);

  await test.step('the cursor lights a copy, a click on a copy moves the cursor', async () => {
    const lit = unfolded(page).locator('[aria-current="step"]');
    await slider(page).getByText('n').last().click();
    await expect(lit).toHaveCount(2);
    await expect(lit.first()).toHaveAttribute('aria-label', /step 5 of 6, “n”, ‖h‖ [\d.]+$/);
    await copies(page, 'backward').nth(1).click();
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'a, step 2 of 6');
    // What was clicked is what the panel shows.
    await expect(page.getByRole('combobox', { name: 'Layer and direction' })).toHaveText(/backward/);
  });

  await test.step('each copy has the colours of its state', async () => {
    const colours = await copies(page, 'forward')
      .locator('canvas')
      .evaluateAll((all) =>
        all.map((one) => {
          const canvas = one as HTMLCanvasElement;
          return canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data.join() ?? '';
        }),
      );
    expect(new Set(colours).size).toBe(6);
  });

  await test.step('a parameter that is pointed at lights all its copies, and says that they are one', async () => {
    await unfolded(page)
      .getByRole('button', { name: /^U_r: one and the same/ })
      .hover();
    await expect(words(page)).toContainText('U_r is one and the same 48 × 48 matrix in all 6 copies');
    await expect(words(page)).toContainText('backward');
    await expect(unfolded(page).locator('.unfold-arrows__name')).toHaveText(['Ur', 'Ur', 'Ur', 'Ur', 'Ur', 'Ur']);
    await page.mouse.move(5, 5);
    await expect(unfolded(page).locator('.unfold-arrows__name')).toHaveCount(0);
    // By its name in the equations, too.
    await unfolded(page).locator('[data-parameter="W_n"]').hover();
    await expect(words(page)).toContainText('W_n is one and the same 48 × 24 matrix');
    await expect(unfolded(page).locator('.unfold-arrows__name').first()).toHaveText('Wn');
  });

  await test.step('Σ leads to its gradient, term by term', async () => {
    await page.getByRole('button', { name: 'Gradient of U_z, term by term' }).click();
    await expect(page.getByRole('tab', { name: 'Term by term' })).toHaveAttribute('aria-selected', 'true');
    await expect(page.getByRole('application', { name: /with respect to U_z, term by term/ })).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('combobox', { name: 'Layer and direction' })).toHaveText(/backward/);
  });

  await test.step('seen from afar it is a block as large as it is', async () => {
    const near = await studio.node('Bidirectional').boundingBox();
    // What alone is selected is a card at any zoom.
    await page.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
    for (let press = 0; press < 8; press++) await page.keyboard.press('-');
    await expect(page.locator('.block__title').first()).toBeVisible();
    await still(page, studio);
    const far = await page.locator('.block').filter({ hasText: 'Bidirectional' }).boundingBox();
    const ratio = (near?.width ?? 0) / (near?.height ?? 1);
    expect((far?.width ?? 0) / (far?.height ?? 1)).toBeCloseTo(ratio, 1);
  });
});

test('keys alone unfold, walk through the copies and light a parameter; it is accessible', async ({ window: page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const studio = await looking(page, 'banana');
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('u');
  // At once, as nothing is to move.
  await expect(page.locator('.canvas__flow--unfolding')).toHaveCount(0);
  await expect(copies(page, 'forward')).toHaveCount(6);
  await studio.node('Bidirectional').focus();
  await page.keyboard.press('Enter');

  await test.step('the copies are one stop of Tab', async () => {
    const stops = unfolded(page).locator('.unfold-copy[tabindex="0"]');
    await expect(stops).toHaveCount(1);
    await stops.focus();
    await page.keyboard.press('End');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'a, step 6 of 6');
    await expect(copies(page, 'forward').nth(5)).toBeFocused();
    await page.keyboard.press('ArrowLeft');
    await expect(copies(page, 'forward').nth(4)).toBeFocused();
    await page.keyboard.press('ArrowUp');
    await expect(copies(page, 'backward').nth(4)).toBeFocused();
    await page.keyboard.press('Home');
    await expect(slider(page)).toHaveAttribute('aria-valuetext', 'b, step 1 of 6');
    await expect(stops).toHaveCount(1);
  });

  await test.step('then the equations, then the parameters, each with its sum', async () => {
    await page.keyboard.press('Tab');
    await expect(page.getByRole('region', { name: 'Equations of every copy' })).toBeFocused();
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: /^W_r: one and the same/ })).toBeFocused();
    await expect(words(page)).toContainText('W_r is one and the same 48 × 24 matrix in all 6 copies');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: 'Gradient of W_r, term by term' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.getByRole('application', { name: /with respect to W_r, term by term/ })).toBeVisible({ timeout: 60_000 });
  });

  // At full size, in the middle of a large window: what its edge cuts off, or what stands beside that, is too small to hit.
  const width = async (): Promise<number> => (await page.locator('.react-flow').boundingBox())?.width ?? 0;
  const before = await width();
  await page.setViewportSize({ width: 1600, height: 1000 });
  await expect.poll(width).toBeGreaterThan(before + 200);
  await still(page, studio);
  await studio.node('Bidirectional').focus();
  await page.keyboard.press('Shift+f');
  await page.keyboard.press('0');
  await accessibleInBothThemes(page, 'an unfolded layer');
  await page.keyboard.press('u');
  await expect(unfolded(page)).toHaveCount(0);
});

test('of four hundred steps those in view are drawn', async ({ window: page }) => {
  await looking(page, 'ba'.repeat(200), 400);
  await button(page).click();
  await expect(copies(page, 'forward').first()).toBeVisible();
  expect(await copies(page, 'forward').count()).toBeLessThan(24);
  await unfolded(page).locator('.unfold-copy[tabindex="0"]').focus();
  await page.keyboard.press('End');
  await expect(copies(page, 'forward').last()).toHaveAccessibleName(/step 400 of 400/);
  await expect(unfolded(page).locator('.unfold-copy[aria-current]').first()).toBeInViewport();
  expect(await copies(page, 'forward').count()).toBeLessThan(24);
});

test.describe('in a large window', () => {
  test.use({ colorScheme: 'dark', viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 1 });
  test('an unfolded layer is seen whole, in both themes', async ({ window: page }) => {
    const studio = await looking(page, 'banana');
    await button(page).click();
    await still(page, studio);
    for (const theme of ['light', 'dark'] as const) {
      await inTheme(page, theme);
      await unfolded(page)
        .getByRole('button', { name: /^U_z: one and the same/ })
        .hover();
      const [card, pane] = [await studio.node('Bidirectional').boundingBox(), await page.locator('.react-flow').boundingBox()];
      expect((card?.x ?? 0) + (card?.width ?? 0)).toBeLessThanOrEqual((pane?.x ?? 0) + (pane?.width ?? 0));
      expect((card?.y ?? 0) + (card?.height ?? 0)).toBeLessThanOrEqual((pane?.y ?? 0) + (pane?.height ?? 0));
    }
    if (pictures) await page.locator('.canvas__pane').screenshot({ path: join(images, 'inside-unfolded-dark.png') });
  });
});
