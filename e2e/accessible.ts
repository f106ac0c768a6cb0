import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** What a theme changes: the rules about colours, of those that are asked below. */
const aboutColours = ['color-contrast', 'link-in-text-block'];

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
  // What passes is not described, and nothing is gathered from frames (in a page of its own): the window has none. A third of the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  if (rules === 'all') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']);
  else axe.withRules(aboutColours);
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
  expect.soft(found, screen).toEqual([]);
}

/** The same in either theme, one after the other: they differ in their colours alone. */
export async function accessibleInBothThemes(page: Page, screen: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await expect.poll(() => page.evaluate(() => document.documentElement.dataset['theme'])).toBe(colorScheme);
    await accessible(page, `${screen}, ${colorScheme}`, colorScheme === 'light' ? 'all' : 'colours');
  }
}
