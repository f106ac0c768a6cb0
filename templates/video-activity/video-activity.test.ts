import { expect, it } from 'vitest';
import type { RawExample } from '../../engine/data/raw-example.ts';
import { trainBriefly } from '../train-briefly.ts';
import { rows } from './data.ts';

it('sees what shapes do that it never saw before, after a short training', { timeout: 600_000 }, async () => {
  const { headline, report, best, goal } = await trainBriefly(
    'video-activity',
    (document) => ({
      ...document,
      data: document.data && { ...document.data, limit: 900 },
      training: { ...document.training, epochs: 3, batchSize: 8 },
    }),
    (baseline) => baseline + 0.15,
  );
  expect(headline).toMatchObject({ metric: 'accuracy', higherIsBetter: true });
  expect(report.facts.image).toEqual({ height: 16, width: 16, channels: 1 });
  expect(report.baseline.value).toBeCloseTo(headline.baseline, 6);
  expect(headline.baseline).toBeLessThan(0.25);
  expect(best).toBeGreaterThan(goal);
});

const all: RawExample[] = [];
for await (const row of rows()) all.push(row);

it('shows frames of one size, brighter where the shape is, and every activity with every shape', () => {
  const seen = new Map<string, Set<string | null>>();
  for (const { input, target, group } of all) {
    if (input.kind !== 'series' || target.kind !== 'class') throw new Error('expected frames with a class');
    expect(input.steps.length).toBeGreaterThanOrEqual(8);
    expect(input.steps.every((frame) => frame.length === 16 * 16)).toBe(true);
    for (const frame of input.steps) expect(Math.max(...frame)).toBeGreaterThan(Math.min(...frame) + 0.3);
    seen.set(target.label, (seen.get(target.label) ?? new Set()).add(group));
  }
  expect(seen.size).toBe(8);
  for (const shapes of seen.values()) expect(shapes.size).toBe(10);
});

it('moves the shape the way it says', () => {
  const middle = (frame: readonly number[]): number => {
    const dark = Math.min(...frame) + 0.5 * (Math.max(...frame) - Math.min(...frame));
    const columns = frame.flatMap((value, i) => (value > dark ? [i % 16] : []));
    return columns.reduce((sum, column) => sum + column, 0) / columns.length;
  };
  let checked = 0;
  for (const { input, target } of all) {
    if (input.kind !== 'series' || target.kind !== 'class' || !/ (left|right)$/.test(target.label)) continue;
    const moved = middle(input.steps.at(-1) ?? []) - middle(input.steps[0] ?? []);
    if (target.label === 'moves right') expect(moved).toBeGreaterThan(1);
    if (target.label === 'moves left') expect(moved).toBeLessThan(-1);
    checked++;
  }
  expect(checked).toBeGreaterThan(500);
});
