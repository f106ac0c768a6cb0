import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { startApp } from '../../e2e/start-app.ts';
import { CellLayouts } from '../../renderer/cell-editor/cell-layout.ts';
import { readCell } from '../../renderer/cell-editor/read-cell.ts';
import { percentile } from '../canvas/frame-work.ts';
import { record } from '../canvas/recording.ts';
import { launchChromium } from '../find-chromium.ts';

/*
 * An edit inside a cell: the time from its text to its program, graph and equations, and, in the window, all that the main thread does
 * from a key until nothing more happens. See docs/benchmark.md.
 *
 *   npm run bench:cell
 */
const goal = 50;
const cells = ['Vanilla RNN cell', 'GRU cell', 'LSTM cell', 'FastGRNN', 'Coupled LSTM with layer norm'] as const;
const typed = ' + tanh(0.1 * h) + k_a * tanh(h)';

const layouts = new CellLayouts();
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const browser = await launchChromium(chromium);
const home = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
const app = await startApp(home, {}, '0');
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(app.address());
  await page.locator('.react-flow__node').filter({ hasText: 'GRU cell' }).dblclick();
  await page.getByRole('button', { name: 'Edit as own cell' }).click();
  say(`Chromium ${browser.version()}. Processor time in ms: median, p95 (keys).`);
  say('| Cell | lines | compiled | all work of a key | |');
  for (const cell of cells) await measure(page, cell);
} finally {
  await browser.close();
  await app.end();
  await rm(home, { recursive: true, force: true });
}

/** Types a term more at the end of the line that gives h'. */
async function measure(page: Page, cell: string): Promise<void> {
  await page.getByRole('button', { name: 'Start from…' }).click();
  await page.getByRole('radio', { name: cell, exact: true }).check();
  await page.getByRole('button', { name: 'Start from this' }).click();
  const text = page.getByRole('textbox', { name: 'Equations of the cell' });
  await text.locator('.cm-line', { hasText: /^h' =/ }).click();
  await page.keyboard.press('End');
  const work: number[] = [];
  const compiled: number[] = [];
  for (const key of typed) {
    const { total } = await record(page, async () => {
      await page.keyboard.type(key);
      await pause(250);
    });
    work.push(total);
    compiled.push(compile((await text.locator('.cm-line').allInnerTexts()).join('\n')));
  }
  const lines = await text.locator('.cm-line').count();
  const met = percentile(compiled, 0.95) <= goal;
  say(`| ${cell} | ${lines} | ${told(compiled)} | ${told(work)} | ${met ? 'met' : 'NOT MET'} |`);
}

function told(times: readonly number[]): string {
  return `${percentile(times, 0.5).toFixed(1)}, ${percentile(times, 0.95).toFixed(1)} (${times.length})`;
}

/** Milliseconds from a text to all that the editor shows of it, without drawing. */
function compile(text: string): number {
  const before = process.cpuUsage();
  layouts.of(readCell(text, 128).graph);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
