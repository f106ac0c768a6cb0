import { chromium } from '@playwright/test';
import { alignLines, drawLines, lineBreaks } from '../../renderer/training/chart-lines.ts';
import { launchChromium } from '../find-chromium.ts';
import { batch, Curve } from './curve.ts';
import { measureFrames } from './frames.ts';

/*
 * A training curve: the time from new points to what is to be painted of them, in Node, then main-thread work of the chart in Chromium.
 * See docs/benchmark.md.
 */
const sizes = [10_000, 100_000, 1_000_000];
const pictures = 50;

function measure(points: number): { readonly first: number; readonly next: number } {
  const curve = new Curve(points);
  const draw = (): number => {
    const started = performance.now();
    const lines = curve.lines();
    alignLines(drawLines(lines, 0.6, false));
    lineBreaks(lines);
    return performance.now() - started;
  };
  const first = draw();
  const times = Array.from({ length: pictures }, () => {
    curve.grow(batch);
    return draw();
  });
  return { first, next: times.sort((a, b) => a - b)[pictures / 2] ?? Number.NaN };
}

console.log('points | first picture, ms | each after, ms (median)');
for (const points of sizes) {
  const { first, next } = measure(points);
  console.log(`${points.toLocaleString('en')} | ${first.toFixed(1)} | ${next.toFixed(1)}`);
}

const browser = await launchChromium(chromium);
try {
  console.log(`Chromium ${browser.version()}. Main-thread work of a frame in ms: median, p95 (frames).`);
  for (const points of sizes) {
    for (const { name, found } of await measureFrames(browser, points))
      console.log(`${points.toLocaleString('en')} | ${name} | ${found}`);
  }
} finally {
  await browser.close();
}
