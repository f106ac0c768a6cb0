import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { Studio } from './studio.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'images');

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';

/** The pictures of the README, made from the app as it is: `UNROLL_SCREENSHOTS=1 npm run e2e -- screenshots`. */
for (const theme of ['dark', 'light'] as const) {
  test.describe(theme, () => {
    test.use({ colorScheme: theme, viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 1 });

    test(`the ${theme} theme fits a large window`, async ({ window: page }) => {
      const studio = new Studio(page);
      await studio.openTemplate(/Open template Tag names/);
      await expect(studio.node('Bidirectional')).toBeVisible();
      // A picture shows a network that has learned something; the layout alone needs less.
      await studio.shorten(3, pictures ? 8000 : 1500);
      await studio.train();
      await expect(studio.training.getByText(pictures ? /epoch 3 of 3/ : /epoch [23] of 3/)).toBeVisible({ timeout: 150_000 });
      await studio.tryIt('Kate Farrahi and Jonathon Hare teach deep learning');
      await page.getByRole('button', { name: 'Zoom to fit' }).click();
      const sideways = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(sideways, 'the page does not scroll sideways').toBeLessThanOrEqual(0);
      await studio.settled();
      if (pictures) await page.screenshot({ path: join(folder, `main-window-${theme}.png`) });
      await studio.trained();
    });
  });
}
