import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Browser, chromium, type Page } from '@playwright/test';
import { startApp } from '../../e2e/start-app.ts';
import { launchChromium } from '../find-chromium.ts';
import { percentile } from './frame-work.ts';
import { canvasScale, fullSize, gestures, pressAndLift, settle, watchOpening } from './gestures.ts';
import { largeDocument } from './large-document.ts';
import { openStress } from './peer-page.ts';
import { record } from './recording.ts';

/*
 * The canvas with a large graph, beside React Flow's own stress example: main-thread work of each frame. See docs/benchmark.md.
 *
 *   npm run bench:canvas
 *   npm run bench:canvas -- --nodes 200 --wires 290
 *   npm run bench:canvas -- --alone        without React Flow's example
 */
const goals = { frame: 1000 / 60, open: 1000 };
const viewport = { width: 1280, height: 800 };
const views = ['as opened', 'all of it', 'at 100 %'] as const;
/** How often a node is pressed and lifted in each view. */
const times = 6;

const { values } = parseArgs({
  options: {
    nodes: { type: 'string', default: '1000' },
    wires: { type: 'string', default: '1500' },
    alone: { type: 'boolean', default: false },
  },
});
const document = largeDocument(Number(values.nodes), Number(values.wires));
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const browser = await launchChromium(chromium);
try {
  say(
    `${document.nodes.length} nodes, ${document.edges.length} wires; Chromium ${browser.version()}, ${viewport.width} × ${viewport.height}.`,
  );
  say('Main-thread work of a frame in ms: median, p95 (frames); of a press and a lift the longest task.');
  await measureUnroll(browser);
  if (!values.alone) await measure('React Flow', await openStress(browser, document, viewport), 'Fit View');
} finally {
  await browser.close();
}

/** The window as `npm start` runs it, with the document in a file. */
async function measureUnroll(with_: Browser): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
  const app = await startApp(home, {}, '0');
  try {
    const file = join(home, 'large.unroll.json');
    await writeFile(file, JSON.stringify(document));
    const page = await with_.newPage({ viewport });
    await page.goto(app.address());
    await page.locator('.react-flow__node').first().waitFor();
    await settle(page);
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByRole('textbox', { name: 'File name or path' }).fill(file);
    await measure('Unroll', page, 'Zoom to fit');
    await page.close();
  } finally {
    await app.end();
    await rm(home, { recursive: true, force: true });
  }
}

/** Opens the document with Enter, then makes each gesture in each view. */
async function measure(name: string, page: Page, fit: string): Promise<void> {
  await page.evaluate(watchOpening);
  const opened = await record(page, async () => {
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => window.shownAfter !== null);
    await settle(page);
  });
  const shown = await page.evaluate(() => window.shownAfter ?? Number.NaN);
  say(row(name, 'open', `${opened.total.toFixed(0)} ms of work, shown after ${shown.toFixed(0)} ms`, opened.total <= goals.open));
  for (const view of views) {
    await lookAt(page, view, fit);
    const tasks: number[] = [];
    for (let time = 0; time < times; time++) tasks.push((await record(page, await pressAndLift(page))).longest);
    const [middle, most] = [percentile(tasks, 0.5), Math.max(...tasks)];
    say(row(name, `press and lift, ${view}`, `${middle.toFixed(1)}, at most ${most.toFixed(1)} (${times})`, most <= goals.frame));
    for (const [gesture, prepare] of Object.entries(gestures)) {
      await lookAt(page, view, fit);
      const act = await prepare(page);
      const { frames } = await record(page, act);
      const [middle, most] = [percentile(frames, 0.5), percentile(frames, 0.95)];
      const scale = await page.evaluate(canvasScale);
      say(
        row(
          name,
          `${gesture}, ${view} (${Math.round(100 * scale)} %)`,
          `${middle.toFixed(1)}, ${most.toFixed(1)} (${frames.length})`,
          most <= goals.frame,
        ),
      );
    }
  }
}

async function lookAt(page: Page, view: (typeof views)[number], fit: string): Promise<void> {
  if (view === 'all of it') await page.getByRole('button', { name: fit }).click();
  await settle(page);
  if (view === 'at 100 %') await fullSize(page);
}

function row(name: string, what: string, found: string, met: boolean): string {
  return `| ${name} | ${what} | ${found} | ${met ? 'met' : 'NOT MET'} |`;
}
