import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Browser, Page } from '@playwright/test';
import { openBundled } from '../bundled-page.ts';
import { percentile } from '../canvas/frame-work.ts';
import { record } from '../canvas/recording.ts';

/** As large as a run's chart in the window. */
const viewport = { width: 800, height: 320 };
const steps = 60;

/** Moves over the whole chart, one a frame. */
async function hover(page: Page): Promise<void> {
  for (let step = 0; step < steps; step++) {
    await page.mouse.move(60 + ((viewport.width - 80) * step) / steps, viewport.height / 2);
    await pause(17);
  }
}

/** In to a 4,096th of it, and out again, around the reading line. */
async function zoom(page: Page): Promise<void> {
  for (const key of ['+', '-'])
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press(key);
      await pause(50);
    }
}

/** Main-thread work of a chart of so many points: to open it, and of each frame of what is done with it. */
export async function measureFrames(
  browser: Browser,
  points: number,
): Promise<readonly { readonly name: string; readonly found: string }[]> {
  const page = await openBundled(browser, join(import.meta.dirname, 'page'), { points }, viewport);
  try {
    const chart = page.getByRole('slider', { name: 'loss by step' });
    await chart.waitFor();
    await pause(500);
    const { total } = await record(page, async () => {
      await page.keyboard.press('Enter');
      await pause(1000);
    });
    const rows = [{ name: 'first picture', found: `${total.toFixed(0)} ms` }];
    const frames = async (name: string, act: () => Promise<void>, inputs?: readonly string[]): Promise<void> => {
      const { frames: work } = await record(page, act, inputs);
      rows.push({ name, found: `${percentile(work, 0.5).toFixed(1)}, ${percentile(work, 0.95).toFixed(1)} (${work.length})` });
    };
    await frames('hover', () => hover(page));
    await chart.focus();
    await frames('zoom', () => zoom(page), ['keydown']);
    await page.keyboard.press('g');
    await pause(500);
    await frames('hover, while it grows', () => hover(page));
    return rows;
  } finally {
    await page.close();
  }
}
