import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { startApp } from '../../e2e/start-app.ts';
import { Studio } from '../../e2e/studio.ts';
import { findTemplate } from '../../templates/registry.ts';
import { launchChromium } from '../find-chromium.ts';
import { percentile } from './frame-work.ts';
import { settle } from './gestures.ts';
import { record } from './recording.ts';

/*
 * A layer of both directions that is unfolded in time while a sentence is looked at, and the map of its states, units × steps: main-thread
 * work of each frame. See docs/benchmark.md.
 *
 *   npm run bench:unfold
 *   npm run bench:unfold -- --steps 400 --units 512
 */
const { values } = parseArgs({
  options: { steps: { type: 'string', default: '60' }, units: { type: 'string', default: '48' } },
});
const [steps, units] = [Number(values.steps), Number(values.units)];
const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Times that it is folded and unfolded, moves of the cursor, and pixels that a turn of the wheel moves a map by. */
const [times, moves, turn] = [5, 60, 60];

const browser = await launchChromium(chromium);
const home = await mkdtemp(join(tmpdir(), 'unroll-bench-'));
const app = await startApp(home, {}, '0');
try {
  say(
    `${steps} steps, ${units} units; Chromium ${browser.version()}. Main-thread work of a frame in ms: median, p95, most (frames).`,
  );
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.goto(app.address());
  await lookAt(page);
  await measureMap(page);
  await measure(page);
} finally {
  await browser.close();
  await app.end();
  await rm(home, { recursive: true, force: true });
}

/** The first document, with so many units, for words of so many letters. */
async function openDocument(studio: Studio): Promise<void> {
  const syllables = findTemplate('syllables').document();
  if (syllables.data === null) throw new Error('the template has no data');
  const tokenizer = { ...syllables.data.tokenizer, maxLength: steps };
  const nodes = syllables.nodes.map((node) =>
    node.kind === 'gru-cell' ? { ...node, params: { ...node.params, hidden: units } } : node,
  );
  const file = join(home, 'long.unroll.json');
  const data = { ...syllables.data, tokenizer, limit: 500 };
  const training = { ...syllables.training, epochs: 1 };
  await writeFile(file, JSON.stringify({ ...syllables, name: 'long words', nodes, data, training }));
  await studio.node('GRU cell').waitFor();
  await studio.open(file);
  await studio.page.waitForFunction(() => document.title.includes('long words'));
}

/** Trains it a little, and looks at a word of so many letters. */
async function lookAt(page: Page): Promise<void> {
  const studio = new Studio(page);
  await openDocument(studio);
  await studio.train();
  await studio.trained();
  await page.getByRole('button', { name: 'Look inside' }).click();
  await page.getByRole('slider', { name: 'Step of the sentence' }).waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: 'Sentence', exact: true }).click();
  await page.getByRole('textbox', { name: 'Type a word' }).fill('ba'.repeat(Math.ceil(steps / 2)).slice(0, steps));
  await page.getByRole('button', { name: 'Look at it' }).click();
  await settle(page);
  await page.locator('.react-flow__pane').click({ position: { x: 4, y: 4 } });
}

/** The map of a line of the cell: scrolled sideways and down, and read by the pointer. */
async function measureMap(page: Page): Promise<void> {
  const map = page.getByRole('application', { name: /units × steps/ });
  await map.waitFor({ timeout: 60_000 });
  await settle(page);
  const box = await map.boundingBox();
  if (!box) throw new Error('the map is not in view');
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  const wheel = (across: number, down: number) =>
    record(page, async () => {
      for (let n = 0; n < moves; n++) {
        await page.mouse.wheel(n < moves / 2 ? across : -across, n < moves / 2 ? down : -down);
        await pause(17);
      }
    });
  tell('map scrolled sideways', (await wheel(turn, 0)).frames);
  tell('map scrolled down', (await wheel(0, turn)).frames);
  const read = await record(page, async () => {
    for (let n = 0; n < moves; n++) await page.mouse.move(box.x + 60 + ((box.width - 80) * n) / moves, y + (n % 7));
  });
  tell('map read by the pointer', read.frames);
}

async function measure(page: Page): Promise<void> {
  const first: number[] = [];
  const [unfolding, folding]: [number[], number[]] = [[], []];
  const toggle = async (answered?: readonly string[]): Promise<readonly number[]> => {
    const { frames } = await record(page, () => pressAndMove(page), answered);
    await settle(page);
    return frames;
  };
  for (let time = 0; time < times; time++) {
    first.push(...(await toggle(['keydown'])));
    folding.push(...(await toggle()));
    unfolding.push(...(await toggle()));
    await toggle();
  }
  tell('unfold, the frame of the key', first);
  tell('unfold, each frame', unfolding);
  tell('fold, each frame', folding);
  await toggle();
  tell('scrub over copies', await scrub(page));
  tell('through the sentence by keys, unfolded', await walk(page));
  await page.keyboard.press('u');
  await settle(page);
  tell('through the sentence by keys, folded', await walk(page));
}

function tell(what: string, frames: readonly number[]): void {
  const [middle, most, all] = [percentile(frames, 0.5), percentile(frames, 0.95), Math.max(...frames)];
  say(`| ${what} | ${middle.toFixed(1)} | ${most.toFixed(1)} | ${all.toFixed(1)} (${frames.length}) |`);
}

/** The pointer trembles beside, so that each frame of the movement answers an input. */
async function pressAndMove(page: Page): Promise<void> {
  await page.keyboard.press('u');
  const end = performance.now() + 420;
  for (let n = 0; performance.now() < end; n++) await page.mouse.move(700 + (n % 2), 90);
}

async function scrub(page: Page): Promise<readonly number[]> {
  const copies = page.locator('.unfold-copy');
  const [from, to] = [await copies.nth(1).boundingBox(), await copies.nth(9).boundingBox()];
  if (!from || !to) throw new Error('no copy of the cell is in view');
  const at = (n: number) => [from.x + 8 + ((to.x - from.x) * n) / moves, from.y + 8] as const;
  await page.mouse.move(...at(0));
  await page.mouse.down();
  const { frames } = await record(page, async () => {
    for (let n = 0; n < moves; n++) await page.mouse.move(...at(n));
  });
  await page.mouse.up();
  return frames;
}

async function walk(page: Page): Promise<readonly number[]> {
  await page.getByRole('slider', { name: 'Step of the sentence' }).focus();
  await page.keyboard.press('Home');
  await settle(page);
  const { frames } = await record(page, async () => {
    for (let n = 1; n < Math.min(steps, moves); n++) await page.keyboard.press('ArrowRight');
  }, ['keydown']);
  return frames;
}
