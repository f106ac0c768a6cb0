import type { CDPSession, Page } from '@playwright/test';
import { categories, type MainThreadWork, mainThreadWork } from './frame-work.ts';

/** What the page's main thread does while `act` runs, from Chromium's trace. By default moves and wheels begin a frame. */
export async function record(page: Page, act: () => Promise<void>, answered?: readonly string[]): Promise<MainThreadWork> {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page belongs to no browser that could be traced');
  const session = await browser.newBrowserCDPSession();
  const events: unknown[] = [];
  session.on('Tracing.dataCollected', ({ value }) => void events.push(...value));
  await session.send('Tracing.start', {
    traceConfig: { includedCategories: [...categories], recordMode: 'recordAsMuchAsPossible' },
    transferMode: 'ReportEvents',
  });
  await act();
  await stop(session);
  await session.detach();
  return mainThreadWork(events, answered);
}

async function stop(session: CDPSession): Promise<void> {
  const ended = new Promise((resolve) => session.once('Tracing.tracingComplete', resolve));
  await session.send('Tracing.end');
  await ended;
}
