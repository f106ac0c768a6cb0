import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What a theme changes: the rules about colours, of those that are asked below. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

/** For each text axe reads the colours of all that lies under it, each anew. These are read once. */
const rememberColours = `
  const { prototype } = axe.commons.color.Color;
  const read = prototype.parseString;
  const known = new Map();
  prototype.parseString = function (text) {
    const before = known.get(text);
    if (before === undefined) {
      read.call(this, text);
      known.set(text, [this.r, this.g, this.b, this.alpha]);
    } else [this.r, this.g, this.b, this.alpha] = before;
    return this;
  };`;

/** What AxeBuilder would bring itself, in its short form, and with a memory for colours: a quarter faster. */
const besideBuilder = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'));
const axeSource = `${readFileSync(besideBuilder.resolve('axe-core/axe.min.js'), 'utf8')};{${rememberColours}}`;

/** No accessibility problem in what is on the screen, by the rules of WCAG 2.2, levels A and AA. */
export async function accessible(page: Page, screen: string, rules: 'all' | 'colours' = 'all'): Promise<void> {
  // After another size of the window the docks take their places in steps.
  const places = (): Promise<string> =>
    page.evaluate(() => JSON.stringify([...document.querySelectorAll('button')].map((one) => one.getBoundingClientRect())));
  let before = '';
  const still = async (): Promise<boolean> => {
    const [last, now] = [before, await places()];
    before = now;
    return last === now;
  };
  await expect(page.locator('iframe')).toHaveCount(0);
  await expect.poll(still, { intervals: [100] }).toBe(true);
  // What is still fading would be measured half-way; what turns for ever is not waited for.
  await page.evaluate(() => {
    const passing = document
      .getAnimations()
      .filter(({ effect, playState }) => playState === 'running' && Number.isFinite(effect?.getComputedTiming().endTime));
    return Promise.allSettled(passing.map(({ finished }) => finished)).then(() => undefined);
  });
  // Half a megabyte of script, which stays in a page until it is loaded again.
  const loaded = await page.evaluate(() => 'axe' in globalThis);
  // What passes is not described, and nothing is gathered from frames (in a page of its own): the window has none. A third of the time.
  const axe = new AxeBuilder({ page, axeSource: loaded ? ';' : axeSource })
    .options({ resultTypes: ['violations'] })
    .setLegacyMode();
  if (rules === 'all') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  else axe.withRules(aboutColours);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect.soft(found, screen).toEqual([]);
}

/** Where pictures of each screen that is asked about go, to be looked at: `UNROLL_PICTURES=folder npm run e2e`. */
const pictures = process.env['UNROLL_PICTURES'];

/** Usual windows, also at 200 % and nearly 300 % zoom (WCAG 1.4.10). */
const windows = [
  { width: 450, height: 350 },
  { width: 640, height: 400 },
  { width: 900, height: 700 },
  { width: 1280, height: 800 },
  { width: 1440, height: 900 },
  { width: 1920, height: 1080 },
] as const;

/** A screen in windows of all widths and both themes; then the window is as it was. */
async function picture(page: Page, screen: string, folder: string): Promise<void> {
  const before = page.viewportSize();
  for (const size of windows) {
    await page.setViewportSize(size);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      // What follows the size, such as the canvas, is drawn in a few frames.
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${screen} ${size.width} ${colorScheme}.png`) });
    }
  }
  if (before) await page.setViewportSize(before);
}

/** The same in either theme, one after the other: they differ in their colours alone. */
export async function accessibleInBothThemes(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme);
    await accessible(page, `${screen}, ${colorScheme}`, colorScheme === 'light' ? 'all' : 'colours');
  }
  if (pictures !== undefined) await picture(page, screen, pictures);
}
