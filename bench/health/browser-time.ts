import type { Page } from '@playwright/test';

/**
 * What the processors have worked for a page's browser: all of its processes together, the page's, the one that drives the graphics device, and
 * what they talk through.
 *
 * @returns a function that tells it as of now, ms; it goes forward by hundredths of a second at the least
 */
export async function browserTime(page: Page): Promise<() => Promise<number>> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser of its own');
  const session = await browser.newBrowserCDPSession();
  // A process that has ended is no longer told of, and its work was work all the same.
  const times = new Map<number, number>();
  return async () => {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    for (const { id, cpuTime } of processInfo) times.set(id, cpuTime);
    return 1000 * [...times.values()].reduce((sum, seconds) => sum + seconds, 0);
  };
}
