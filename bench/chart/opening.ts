import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { startApp } from '../../e2e/start-app.ts';
import { Studio } from '../../e2e/studio.ts';
import { figuresToJson } from '../../engine/protocol/figure.ts';
import type { MetricsPlace } from '../../engine/protocol/metric-columns.ts';
import type { MetricEvent } from '../../engine/protocol/runs.ts';
import { readMetricsPiece } from '../../engine/runs/metrics-file.ts';
import { record } from '../canvas/recording.ts';
import { launchChromium } from '../find-chromium.ts';

/*
 * To open a run of very many points: processor time of the engine that reads its lines, and main-thread work of the window until its
 * chart stands. See docs/benchmark.md.
 *
 *   npm run bench:opening [-- --lines 1000000]
 */
const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const lines = Number(values.lines);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const line = (step: number): MetricEvent => {
  const loss = Math.exp(-step / 3e5) + ((step * 2_654_435_761) % 1000) / 5000;
  return {
    step,
    epoch: step / 1000,
    seconds: step / 81,
    split: 'train',
    values: { loss, accuracy: 1 - loss / 2 },
    learningRate: 0.005 / (1 + step / 1e5),
    gradientNorm: 3 * Math.abs(Math.sin(step)),
    tokensPerSecond: 40_000 + ((step * 7919) % 1013) * 3.3,
  };
};

const home = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
const browser = await launchChromium(chromium);
const app = await startApp(home, {}, '0');
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(app.address());
  const folder = await makeRun(page);
  const { size } = statSync(join(folder, 'metrics.jsonl'));
  say(`${lines.toLocaleString('en')} lines, ${(size / 1e6).toFixed(0)} MB. Chromium ${browser.version()}.`);
  say(`engine: ${(await engineWork(folder)).toFixed(0)} ms of processor time`);
  const { total, longest } = await record(page, async () => {
    await page.getByRole('button', { name: 'long', exact: true }).click();
    const details = page.getByRole('region', { name: 'Details of long' });
    await details.locator('[role="slider"]:not([aria-valuemax="1"])').waitFor({ timeout: 300_000 });
  });
  say(`window: ${total.toFixed(0)} ms of work, its longest task ${longest.toFixed(0)} ms`);
} finally {
  await browser.close();
  await app.end();
  await rm(home, { recursive: true, force: true });
}

/** A run that is kept, with as many lines. @returns its folder */
async function makeRun(page: Page): Promise<string> {
  const studio = new Studio(page);
  await studio.node('GRU cell').waitFor();
  await studio.shorten(1, 400);
  await studio.train();
  await studio.trained();
  const runs = join(home, 'runs');
  const [kept = ''] = readdirSync(runs);
  const run = JSON.parse(readFileSync(join(runs, kept, 'run.json'), 'utf8'));
  const folder = join(runs, 'long');
  mkdirSync(folder);
  writeFileSync(join(folder, 'run.json'), JSON.stringify({ ...run, summary: { ...run.summary, id: 'long', name: 'long' } }));
  const atOnce = 10_000;
  for (let from = 0; from < lines; from += atOnce) {
    const some = Array.from({ length: Math.min(atOnce, lines - from) }, (_, at) => `${figuresToJson(line(from + at + 1))}\n`);
    appendFileSync(join(folder, 'metrics.jsonl'), some.join(''));
  }
  await page.reload();
  await studio.tab('Runs');
  return folder;
}

/** What the engine does to answer, in milliseconds. */
async function engineWork(folder: string): Promise<number> {
  const before = process.cpuUsage();
  let after: MetricsPlace | undefined;
  do {
    const piece = await readMetricsPiece(folder, after);
    figuresToJson(piece);
    after = piece.next ?? undefined;
  } while (after !== undefined);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
