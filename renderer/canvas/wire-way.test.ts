import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { overlaps } from './comments-aside.ts';
import type { Point, Rect } from './wire-geometry.ts';
import { wayAround } from './wire-way.ts';

const card = (x: number, y: number): Rect => ({ x, y, width: 178, height: 62 });
/** From a card's right side to another one's left side. */
const wire = (from: Rect, to: Rect) => ({
  id: 'w',
  start: { x: from.x + from.width + 5.5, y: from.y + 29 },
  end: { x: to.x - 5.5, y: to.y + 29 },
  vertical: false,
});
/** The box around a straight piece of a way. */
const piece = (a: Point, b: Point): Rect => ({
  x: Math.min(a.x, b.x),
  y: Math.min(a.y, b.y),
  width: Math.abs(b.x - a.x) + 1,
  height: Math.abs(b.y - a.y) + 1,
});
const pieces = ({ start, end }: { start: Point; end: Point }, way: readonly Point[]): Rect[] => {
  const line = [start, ...way, end];
  return line.slice(1).map((b, i) => piece(line[i] ?? b, b));
};
const behind = (rects: readonly Rect[], cards: readonly Rect[]): boolean =>
  rects.some((rect) => cards.some((one) => overlaps(rect, one)));

it('leads past what stands between, on the nearer side', () => {
  const [from, to] = [card(0, 0), card(800, 0)];
  const between = { x: 400, y: -100, width: 178, height: 160 };
  const way = wayAround(wire(from, to), [from, between, to], 0) ?? [];
  expect(behind(pieces(wire(from, to), way), [between])).toBe(false);
  // Its lower edge is at 60, its upper one at −100.
  expect(Math.max(...way.map(({ y }) => y))).toBe(72);
  expect(Math.min(...way.map(({ y }) => y))).toBe(29);
});

it('of a cell it leaves upwards and arrives from below', () => {
  const [cell, wrapper] = [card(0, 300), card(600, 0)];
  const between = { x: 250, y: 100, width: 178, height: 190 };
  const ends = { id: 'w', start: { x: 89, y: 294.5 }, end: { x: 689, y: 67.5 }, vertical: true };
  const way = wayAround(ends, [cell, between, wrapper], 0) ?? [];
  expect(way.at(0)).toMatchObject({ x: 89 });
  expect(way.at(-1)).toMatchObject({ x: 689 });
  expect(behind(pieces(ends, way), [between, cell, wrapper])).toBe(false);
});

it('takes lines of its own beside those of others', () => {
  const [from, to] = [card(0, 0), card(800, 0)];
  const between = { x: 400, y: -100, width: 178, height: 160 };
  const lows = [0, 1, 2].map((number) => {
    const way = wayAround(wire(from, to), [from, between, to], number) ?? [];
    return Math.max(...way.map(({ y }) => y));
  });
  expect(new Set(lows).size).toBe(3);
});

it('stays where there is no way', () => {
  const [from, to] = [card(0, 0), card(800, 0)];
  const wall = { x: 186, y: -400, width: 60, height: 1000 };
  const around = [wall, { ...wall, y: 560, x: -300, width: 540 }, { ...wall, y: -460, x: -300, width: 540 }];
  expect(wayAround(wire(from, to), [from, to, ...around, { ...wall, x: -400 }], 0)).toBeNull();
});

describe('among any cards that stand apart', () => {
  /** Cards at places of a grid, moved a little. */
  const places = fc.uniqueArray(
    fc.record({
      column: fc.nat(5),
      row: fc.nat(5),
      right: fc.nat(30),
      down: fc.nat(30),
      height: fc.integer({ min: 40, max: 130 }),
    }),
    { minLength: 2, maxLength: 24, selector: ({ column, row }) => 6 * column + row },
  );

  it('there is one, of straight lines that are behind none of them', () => {
    fc.assert(
      fc.property(places, fc.nat(2), (drawn, number) => {
        const cards = drawn.map(({ column, row, right, down, height }) => ({
          x: 260 * column + right,
          y: 210 * row + down,
          width: 178,
          height,
        }));
        const [from, to] = cards;
        if (!from || !to) return;
        const ends = wire(from, to);
        const way = wayAround(ends, cards, number);
        expect(way).not.toBeNull();
        const all = pieces(ends, way ?? []);
        expect(behind(all, cards)).toBe(false);
        for (const { width, height } of all) expect(Math.min(width, height)).toBe(1);
        expect(way?.[0]?.y).toBe(ends.start.y);
        expect(way?.at(-1)?.y).toBe(ends.end.y);
      }),
      { numRuns: 40 },
    );
  });
});
