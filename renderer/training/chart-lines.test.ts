import { expect, it } from 'vitest';
import { alignLines, type ChartLine, drawLines, lineBreaks, lonePoints, lookAhead, readingAt } from './chart-lines.ts';

const train: ChartLine = { label: 'train', color: '--accent', x: [1, 2, 3], y: [4, 0, 2], smoothed: true };
const validation: ChartLine = { label: 'validation', color: '--warn', x: [2], y: [3] };

it('draws the raw line behind the smoothed one, and only where smoothing applies', () => {
  const drawn = drawLines([train, validation], 0.5, false);
  expect(drawn.map((d) => [d.line.label, d.faint])).toEqual([
    ['train', true],
    ['train', false],
    ['validation', false],
  ]);
  expect(drawn[0]?.y).toEqual([4, 0, 2]);
  expect(drawn[1]?.y[1]).not.toBe(0);
});

it('leaves out zeros on a logarithmic axis, and numbers that are none anywhere', () => {
  expect(drawLines([train], 0, true)[0]?.y).toEqual([4, null, 2]);
  expect(drawLines([{ ...train, y: [4, Number.NaN, 2] }], 0, false)[0]?.y).toEqual([4, null, 2]);
});

it('aligns lines with different positions and reads the last known value', () => {
  const table = alignLines(drawLines([train, validation], 0, false));
  expect(table[0]).toEqual([1, 2, 3]);
  expect(table[2]?.[1]).toBe(3);
  expect(readingAt(validation, table, 2, 2)).toBe(3);
  expect(readingAt(validation, table, 2, 0)).toBeNull();
});

it('marks where values stop being finite numbers, and reads them there', () => {
  const diverged: ChartLine = { ...train, x: [1, 2, 3, 4, 5], y: [2, Number.POSITIVE_INFINITY, Number.NaN, 1, Number.NaN] };
  expect(lineBreaks([diverged, validation])).toEqual([
    { x: 2, value: Number.POSITIVE_INFINITY },
    { x: 5, value: Number.NaN },
  ]);
  const table = alignLines(drawLines([diverged, validation], 0, false));
  expect([0, 1, 2, 3, 4].map((at) => readingAt(diverged, table, 1, at))).toEqual([
    2,
    Number.POSITIVE_INFINITY,
    Number.NaN,
    1,
    Number.NaN,
  ]);
  expect(readingAt(validation, table, 2, 4)).toBe(3);
});

it('keeps 100,000 points drawable many times a second', () => {
  const x = Array.from({ length: 100_000 }, (_, i) => i);
  const y = x.map((i) => 1 / (1 + i) + 0.1 * Math.sin(i));
  let best = Number.POSITIVE_INFINITY;
  let drawn = drawLines([], 0, false);
  // The fastest of a few: other work on the machine must not fail the test.
  for (let i = 0; i < 8; i++) {
    const started = performance.now();
    drawn = drawLines([{ ...train, x, y }], 0.9, false);
    best = Math.min(best, performance.now() - started);
  }
  expect(best).toBeLessThan(150);
  expect(drawn.every((d) => d.x.length <= 2_400)).toBe(true);
});

it('a point between others that are no numbers, or alone on its line, is drawn as a dot', () => {
  const diverged: ChartLine = { label: 'train', color: '--accent', x: [1, 2, 3, 4, 5], y: [2, Number.NaN, 3, 1, Number.NaN] };
  const table = alignLines(drawLines([diverged, validation, { ...validation, x: [1, 5], y: [1, 1] }], 0, false));
  expect(lonePoints(table[1] ?? []), 'before the first NaN').toEqual([0]);
  expect(lonePoints(table[2] ?? []), 'the only one').toEqual([1]);
  expect(lonePoints(table[3] ?? []), 'a line is drawn through places where it has none').toEqual([]);
});

it('of very many points is looked at in turns, and then drawn as if it had been looked at at once', () => {
  const curve = (): ChartLine => {
    const y = Array.from({ length: 200_000 }, (_, i) => (i % 1000 === 7 ? Number.NaN : Math.sin(i / 900) + (i % 13)));
    return { label: 'train', color: '--accent', x: y.map((_, i) => i), y, smoothed: true };
  };
  const inTurns = [curve()];
  let turns = 1;
  while (!lookAhead(inTurns, 0.6, true, 0.01)) turns++;
  expect(turns).toBeGreaterThan(2);
  expect(lookAhead(inTurns, 0.6, true, 0.01)).toBe(true);
  const atOnce = [curve()];
  expect(alignLines(drawLines(inTurns, 0.6, true))).toEqual(alignLines(drawLines(atOnce, 0.6, true)));
  expect(lineBreaks(inTurns)).toEqual(lineBreaks(atOnce));
});
