import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

/** Windows as they are used: 400 % and 200 % zoom of the usual ones, the usual ones, a large one. */
const windows = [
  { width: 320, height: 480 },
  { width: 640, height: 400 },
  { width: 900, height: 700 },
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;

/** Where pictures of every screen go, to be looked at: `UNROLL_PICTURES=folder npm run e2e -- layout`. */
const pictures = process.env['UNROLL_PICTURES'];

/**
 * What is wrong with the boxes on the screen: text that is cut without an ellipsis and a tooltip, what ends outside the window where no
 * scrolling leads to it, and controls that something else lies over. The canvas has its own scrolling: what is on it does not count.
 */
function faults(): string[] {
  const found: string[] = [];
  // What a person has opened may lie over the rest.
  const opened = document.querySelector('[role="dialog"], [role="menu"], [role="listbox"]') ?? document.querySelector('.drawer');
  const root = opened ?? document.body;
  const name = (element: Element): string => {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().slice(0, 40);
    return `${element.tagName.toLowerCase()}.${[...element.classList].join('.')} “${words}”`;
  };
  const skipped = (element: Element): boolean =>
    element.closest('.react-flow, .visually-hidden, .skip-link:not(:focus), .katex, .u-wrap, [inert]') !== null ||
    !element.checkVisibility({ visibilityProperty: true });
  const scrolls = (style: CSSStyleDeclaration, axis: 'X' | 'Y'): boolean => /auto|scroll/.test(style[`overflow${axis}`]);
  const clips = (style: CSSStyleDeclaration, axis: 'X' | 'Y'): boolean => /hidden|clip/.test(style[`overflow${axis}`]);
  /** What is seen of a box, and whether some of it is cut where no scrolling leads. */
  const seen = (element: Element): { left: number; top: number; right: number; bottom: number; cut: boolean } => {
    let { left, top, right, bottom } = element.getBoundingClientRect();
    let cut = false;
    const limit = (
      box: { left: number; top: number; right: number; bottom: number },
      x: boolean,
      y: boolean,
      scrolled: { x: boolean; y: boolean },
    ): void => {
      if (x && (left < box.left - 1 || right > box.right + 1)) cut ||= !scrolled.x;
      if (y && (top < box.top - 1 || bottom > box.bottom + 1)) cut ||= !scrolled.y;
      if (x) [left, right] = [Math.max(left, box.left), Math.min(right, box.right)];
      if (y) [top, bottom] = [Math.max(top, box.top), Math.min(bottom, box.bottom)];
    };
    for (let parent = element.parentElement; parent && parent !== document.body; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      const scrolled = { x: scrolls(style, 'X'), y: scrolls(style, 'Y') };
      limit(parent.getBoundingClientRect(), scrolled.x || clips(style, 'X'), scrolled.y || clips(style, 'Y'), scrolled);
      if (style.position === 'fixed') break;
    }
    limit({ left: 0, top: 0, right: innerWidth, bottom: innerHeight }, true, true, { x: false, y: false });
    return { left, top, right, bottom, cut };
  };
  const inScroller = (element: Element): boolean => {
    for (let parent = element.parentElement; parent; parent = parent.parentElement) {
      const style = getComputedStyle(parent);
      if (scrolls(style, 'X') || scrolls(style, 'Y')) return true;
    }
    return false;
  };
  for (const element of root.querySelectorAll('*')) {
    if (skipped(element) || element.getBoundingClientRect().width <= 1) continue;
    const style = getComputedStyle(element);
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim() !== '');
    if (own && clips(style, 'X') && element.scrollWidth > element.clientWidth + 1) {
      const told =
        element.closest('[title]') !== null || (element instanceof HTMLElement && element.closest('[data-state]') !== null);
      if (style.textOverflow !== 'ellipsis' || !told) found.push(`cut: ${name(element)}`);
    }
    if (own && clips(style, 'Y') && element.scrollHeight > element.clientHeight + 2 && style.webkitLineClamp === 'none')
      found.push(`cut below: ${name(element)}`);
    const control = element.matches('button, input, select, textarea, a[href], [role="separator"][tabindex], [role="tab"]');
    if (!own && !control) continue;
    const box = seen(element);
    if (box.cut && !inScroller(element)) found.push(`outside: ${name(element)}`);
    if (box.right - box.left < 4 || box.bottom - box.top < 4 || !control) continue;
    const top = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
    if (
      top !== null &&
      !element.contains(top) &&
      !top.contains(element) &&
      top.closest('label')?.contains(element) !== true &&
      !element.matches(':disabled, [aria-disabled]')
    )
      found.push(`covered: ${name(element)} by ${name(top)}`);
  }
  const { scrollingElement } = document;
  if (scrollingElement && scrollingElement.scrollWidth > innerWidth) found.push('the page scrolls sideways');
  return [...new Set(found)];
}

/** In every window: nothing cut, nothing covered, nothing moving; and pictures in both themes where they are asked for. */
async function look(page: Page, screen: string): Promise<void> {
  for (const size of windows) {
    await page.setViewportSize(size);
    // Layouts follow their window in the next frames.
    await page.evaluate(
      () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 120)))),
    );
    expect.soft(await page.evaluate(faults), `${screen}, ${size.width} × ${size.height}`).toEqual([]);
    // On the other tabs there is none.
    for (const canvas of await page.locator('.react-flow').all())
      expect
        .soft((await canvas.boundingBox())?.height, `canvas: ${screen}, ${size.width} × ${size.height}`)
        .toBeGreaterThanOrEqual(140);
    expect.soft(await page.evaluate(() => document.getAnimations().length), `${screen}: nothing moves`).toBe(0);
    if (pictures === undefined) continue;
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme);
      await page.screenshot({ path: join(pictures, `${screen} ${size.width} ${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('nothing is cut, covered or out of reach on any screen, from 320 × 480 to 1920 × 1080', async ({ window: page }) => {
  test.setTimeout(600_000);
  const studio = new Studio(page);
  await expect(studio.node('GRU cell')).toBeVisible();
  await look(page, '01 design');
  await studio.openTemplate(/Open template Tag names/);
  await expect(studio.node('Bidirectional')).toBeVisible();
  await studio.node('Embedding').click();
  await look(page, '02 node');
  await page.setViewportSize({ width: 640, height: 400 });
  await page.getByRole('button', { name: 'Show the inspector' }).click();
  await look(page, '03 drawer');
  await expect(page.locator('.drawer'), 'a drawer of a narrow window is gone with it').toHaveCount(0);
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('combobox', { name: 'Commands' })).toBeVisible();
  await look(page, '04 commands');
  await page.keyboard.press('Escape');
  // All of its data, which takes a while to prepare again: with figures of six digits, progress and Cancel.
  await studio.tab('Data');
  await expect(page.getByRole('region', { name: 'Report' })).toBeVisible({ timeout: 60_000 });
  await page.getByRole('textbox', { name: 'Longest sequence' }).fill('30');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('progressbar', { name: 'Preparing the data' })).toBeVisible();
  await look(page, '05 data being prepared');
  await studio.tab('Design');
  await studio.shorten(2, 400);
  await studio.tab('Data');
  await expect(page.getByRole('button', { name: 'Prepare again' })).toBeVisible({ timeout: 120_000 });
  await look(page, '05 data');
  await studio.tab('Design');
  await studio.train();
  await studio.trained();
  await expect(page.getByRole('region', { name: 'Try it', exact: true }).getByRole('textbox')).toBeVisible();
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await look(page, '06 trained');
  // The smallest window shows blocks, whose wires are drawn otherwise: each is there again.
  await expect(page.locator('.react-flow__edge')).toHaveCount(5);
  await studio.training.getByRole('radio', { name: 'Examples' }).click();
  await look(page, '07 examples');
  await studio.training.getByRole('radio', { name: 'Confusion' }).click();
  await look(page, '08 confusion');
  await studio.node('Embedding').click();
  await page.keyboard.press('Delete');
  await page
    .getByRole('contentinfo')
    .getByRole('button', { name: /problem/ })
    .click();
  await expect(page.getByRole('region', { name: 'Problems' })).toBeVisible();
  await look(page, '09 problems and another graph');
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('region', { name: 'Problems' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Fold the training panel' }).click();
  await look(page, '10 folded');
  await studio.tab('Runs');
  await expect(page.getByRole('table').first()).toBeVisible();
  await look(page, '11 runs');
  // A row's name and its menu stay beside columns that are scrolled; the last of these is read whole.
  await page.setViewportSize({ width: 900, height: 700 });
  await expect(page.getByRole('columnheader', { name: 'Started' })).not.toBeInViewport();
  await page.locator('.runs__scroll').evaluate((table) => table.scrollTo({ left: table.scrollWidth }));
  for (const still of [page.getByRole('button', { name: /^Actions for/ }), page.locator('.runs__name')])
    await expect(still).toBeInViewport({ ratio: 1 });
  const started = page.locator('[data-run] td').last();
  await expect(started).toBeInViewport({ ratio: 0.99 });
  const onTop = (cell: HTMLElement): boolean =>
    [0.1, 0.9].every((share) => {
      const { x, y, width, height } = cell.getBoundingClientRect();
      return cell.contains(document.elementFromPoint(x + share * width, y + height / 2));
    });
  expect(await started.evaluate(onTop)).toBe(true);
  await page.setViewportSize({ width: 1280, height: 800 });
  await studio.tab('Playground');
  await page.getByRole('textbox').first().waitFor();
  await look(page, '12 playground');
  await studio.tab('Design');
  await page.getByRole('banner').getByRole('button', { name: 'Export', exact: true }).click();
  await expect(page.getByRole('dialog').getByText('model.py').first()).toBeVisible();
  await look(page, '13 export');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'File menu' }).click();
  await page.getByRole('menuitem', { name: /New from template/ }).click();
  await expect(page.getByRole('button', { name: /^Open template/ }).first()).toBeVisible();
  await look(page, '14 templates');
  await page.keyboard.press('Escape');
  await page.locator('.react-flow__pane').click({ position: { x: 5, y: 5 } });
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog')).toBeVisible();
  await look(page, '15 shortcuts');
});
