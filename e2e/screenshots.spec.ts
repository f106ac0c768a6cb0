import { join } from 'node:path';
import { expect, test } from './fixtures.ts';
import { inTheme, sideways } from './looking.ts';
import { Studio } from './studio.ts';

const folder = join(import.meta.dirname, '..', 'docs', 'images');

const pictures = process.env['UNROLL_SCREENSHOTS'] === '1';

test.use({ colorScheme: 'dark', viewport: { width: 1600, height: 1000 }, deviceScaleFactor: 1 });

/** The pictures of the README, made from the app as it is: `UNROLL_SCREENSHOTS=1 npm run e2e -- screenshots`. */
test('a training fits a large window in both themes', async ({ window: page }) => {
  const studio = new Studio(page);
  await studio.openTemplate(/Open template Tag names/);
  await expect(studio.node('Bidirectional')).toBeVisible();
  // A picture shows a network that has learned something; the layout alone needs less.
  await studio.shorten(3, pictures ? 8000 : 1500);
  await studio.train();
  await expect(studio.training.getByText(pictures ? /epoch 3 of 3/ : /epoch [23] of 3/)).toBeVisible({ timeout: 150_000 });
  await studio.tryIt('Kate Farrahi and Jonathon Hare teach deep learning');
  await page.getByRole('button', { name: 'Zoom to fit' }).click();
  await studio.settled();
  for (const colorScheme of ['dark', 'light'] as const) {
    await inTheme(page, colorScheme);
    expect(await sideways(page), 'the page does not scroll sideways').toBeLessThanOrEqual(0);
    if (pictures) await page.screenshot({ path: join(folder, `main-window-${colorScheme}.png`) });
  }
  await studio.trained();
});
