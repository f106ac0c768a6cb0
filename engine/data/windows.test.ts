import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitIds, splitNames } from './split.ts';
import { cutWindows, stretchesOf } from './windows.ts';

const { train, validation, test } = splitIds;
const forTraining = new Uint8Array(1000);

it('cuts training, then validation, then test, by their shares of the rows', () => {
  expect(stretchesOf({ start: 100, end: 200 }, forTraining, { validation: 0.2, test: 0.1 })).toEqual([
    { split: 'train', start: 100, end: 170 },
    { split: 'validation', start: 170, end: 190 },
    { split: 'test', start: 190, end: 200 },
  ]);
  expect(stretchesOf({ start: 3, end: 10 }, forTraining, { validation: 0, test: 0.3 })).toEqual([
    { split: 'train', start: 3, end: 8 },
    { split: 'test', start: 8, end: 10 },
  ]);
  // 0.5 rows are one for training, and a half less for the rest.
  expect(stretchesOf({ start: 0, end: 1 }, forTraining, { validation: 0.25, test: 0.25 })).toEqual([
    { split: 'train', start: 0, end: 1 },
  ]);
});

it('keeps the splits that the data names, and cuts the others from the rows for training', () => {
  const given = [train, train, test, test, train, train, validation, train];
  expect(stretchesOf({ start: 0, end: 8 }, given, { validation: 0, test: 0 })).toEqual([
    { split: 'train', start: 0, end: 2 },
    { split: 'test', start: 2, end: 4 },
    { split: 'train', start: 4, end: 6 },
    { split: 'validation', start: 6, end: 7 },
    { split: 'train', start: 7, end: 8 },
  ]);
  // Of five rows for training the last two; beside a validation row they are one stretch with it.
  expect(stretchesOf({ start: 0, end: 8 }, given, { validation: 0.4, test: 0 })).toEqual([
    { split: 'train', start: 0, end: 2 },
    { split: 'test', start: 2, end: 4 },
    { split: 'train', start: 4, end: 5 },
    { split: 'validation', start: 5, end: 8 },
  ]);
});

const settings = fc.record({
  length: fc.integer({ min: 1, max: 6 }),
  horizon: fc.integer({ min: 1, max: 4 }),
  stride: fc.integer({ min: 1, max: 4 }),
});
const shares = fc.constantFrom(
  { validation: 0.2, test: 0.2 },
  { validation: 0, test: 0.3 },
  { validation: 0.3, test: 0 },
  { validation: 0.1, test: 0.1 },
);

it('gives every window that lies in one stretch of one series and holds no bad row, and counts the others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(80), { maxLength: 8 }),
      settings,
      shares,
      fc.array(fc.constantFrom(train, train, train, validation, test), { maxLength: 40 }),
      (sizes, bad, window, split, runs) => {
        // Each named split for five rows, then rows for training.
        const given = [...runs.flatMap((named) => [named, named, named, named, named]), ...forTraining];
        const gaps = [...new Set(bad)].sort((a, b) => a - b);
        let rows = 0;
        const series = sizes.map((size) => {
          rows += size;
          return stretchesOf({ start: rows - size, end: rows }, given, split);
        });
        const found = cutWindows(series, gaps, { window: { ...window, season: null }, split: { seed: 1 }, limit: null });
        // Each start in each stretch, one after the other, by what its rows are.
        const expected: Record<string, { start: number; target: number }[]> = { train: [], validation: [], test: [] };
        const left = { crossing: 0, broken: 0 };
        for (const stretches of series) {
          const stretchOf = (row: number) => stretches.find(({ start, end }) => start <= row && row < end);
          for (const stretch of stretches) {
            for (let start = stretch.start; start < stretch.end; start++) {
              if ((start - stretch.start) % window.stride !== 0) continue;
              const target = start + window.length - 1 + window.horizon;
              const of = stretchOf(target);
              if (of === undefined) continue;
              if (of !== stretch) left.crossing++;
              else if (gaps.some((row) => row >= start && row <= target)) left.broken++;
              else expected[stretch.split]?.push({ start, target });
            }
          }
        }
        const inSplit = (name: (typeof splitNames)[number]) =>
          found.windows[name].map(({ start, target }) => ({ start, target }));
        for (const name of splitNames) expect(inSplit(name)).toEqual(expected[name]);
        expect({ crossing: found.crossing, broken: found.broken }).toEqual(left);
      },
    ),
    { numRuns: 300 },
  );
});

it('keeps as many windows as the limit says, spread over the series, in order', () => {
  const series = [stretchesOf({ start: 0, end: 1000 }, forTraining, { validation: 0.2, test: 0.2 })];
  const window = { length: 4, horizon: 1, stride: 1, season: null };
  const { windows } = cutWindows(series, [], { window, split: { seed: 3 }, limit: 100 });
  expect(windows.train.length + windows.validation.length + windows.test.length).toBe(100);
  for (const name of splitNames) {
    const starts = windows[name].map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.length).toBeGreaterThan(5);
  }
});
