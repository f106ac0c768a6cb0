import fc from 'fast-check';
import { expect, it } from 'vitest';
import { splitNames } from './split.ts';
import { chronologicalSplits, cutWindows } from './windows.ts';

it('cuts training, then validation, then test, by their shares of the rows', () => {
  expect(chronologicalSplits({ start: 100, end: 200 }, { validation: 0.2, test: 0.1 })).toEqual({
    train: { start: 100, end: 170 },
    validation: { start: 170, end: 190 },
    test: { start: 190, end: 200 },
  });
  expect(chronologicalSplits({ start: 3, end: 10 }, { validation: 0, test: 0.3 })).toEqual({
    train: { start: 3, end: 8 },
    validation: { start: 8, end: 8 },
    test: { start: 8, end: 10 },
  });
  // 0.5 rows are one for training, and a half less for the rest.
  const { train, validation, test } = chronologicalSplits({ start: 0, end: 1 }, { validation: 0.25, test: 0.25 });
  expect([train.end, validation, test]).toEqual([1, { start: 1, end: 1 }, { start: 1, end: 1 }]);
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

it('gives every window that lies in one split of one series and holds no bad row, and counts the others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 4 }),
      fc.array(fc.nat(80), { maxLength: 8 }),
      settings,
      shares,
      (sizes, bad, window, split) => {
        const gaps = [...new Set(bad)].sort((a, b) => a - b);
        let rows = 0;
        const series = sizes.map((size) => {
          rows += size;
          return chronologicalSplits({ start: rows - size, end: rows }, split);
        });
        const found = cutWindows(series, gaps, { window: { ...window, season: null }, split: { seed: 1 }, limit: null });
        // Each start in each split, one after the other, by what its rows are.
        const expected: Record<string, { start: number; target: number }[]> = { train: [], validation: [], test: [] };
        const left = { crossing: 0, broken: 0 };
        for (const ranges of series) {
          const splitOf = (row: number) => splitNames.find((name) => ranges[name].start <= row && row < ranges[name].end);
          for (const name of splitNames) {
            for (let start = ranges[name].start; start < ranges[name].end; start++) {
              if ((start - ranges[name].start) % window.stride !== 0) continue;
              const target = start + window.length - 1 + window.horizon;
              const of = splitOf(target);
              if (of === undefined) continue;
              if (of !== name) left.crossing++;
              else if (gaps.some((row) => row >= start && row <= target)) left.broken++;
              else expected[name]?.push({ start, target });
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
  const series = [chronologicalSplits({ start: 0, end: 1000 }, { validation: 0.2, test: 0.2 })];
  const window = { length: 4, horizon: 1, stride: 1, season: null };
  const { windows } = cutWindows(series, [], { window, split: { seed: 3 }, limit: 100 });
  expect(windows.train.length + windows.validation.length + windows.test.length).toBe(100);
  for (const name of splitNames) {
    const starts = windows[name].map(({ start }) => start);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(starts.length).toBeGreaterThan(5);
  }
});
