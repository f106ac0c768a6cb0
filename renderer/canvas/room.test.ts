import { describe, expect, it } from 'vitest';
import { Random } from '../../engine/random.ts';
import { type Grown, Room } from './room.ts';
import type { Rect } from './wire-geometry.ts';

const card = { width: 178, height: 62 };
const grown = (id: string, x: number, y: number, after = { width: 800, height: 400 }): Grown => ({
  id,
  position: { x, y },
  before: card,
  after,
  folding: false,
});

const overlap = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width - 1e-6 && b.x < a.x + a.width - 1e-6 && a.y < b.y + b.height - 1e-6 && b.y < a.y + a.height - 1e-6;

describe('Room', () => {
  const room = new Room([grown('u', 500, 100)]);

  it('moves what stands right of a node that grows, and what stands below it, and nothing else', () => {
    expect(room.place({ x: 740, y: 100 })).toEqual({ x: 740 + 622, y: 100 });
    expect(room.place({ x: 500, y: 280 })).toEqual({ x: 500, y: 280 + 338 });
    expect(room.place({ x: 200, y: 100 })).toEqual({ x: 200, y: 100 });
    expect(room.place({ x: 500, y: 100 })).toEqual({ x: 500, y: 100 });
    // A cell that is not quite under its wrapper's corner stays where it is.
    expect(room.place({ x: 580, y: 20 })).toEqual({ x: 580, y: 20 });
    expect(room.sizeOf('u')).toEqual({ width: 800, height: 400 });
    expect(room.sizeOf('v')).toBeUndefined();
  });

  it('takes what is put down back to the document, wherever that is', () => {
    for (const x of [0, 520, 600, 700, 1000, 1299, 2000]) {
      const kept = room.back({ x, y: 333 });
      expect(room.place(kept).x).toBeCloseTo(x, 6);
      expect(room.place(kept).y).toBeCloseTo(333, 6);
    }
  });

  it('grows a box around the node with it', () => {
    expect(room.box({ x: 450, y: 50, width: 300, height: 200 })).toEqual({ x: 450, y: 50, width: 922, height: 538 });
    expect(room.boxBack({ x: 450, y: 50, width: 922, height: 538 })).toEqual({
      x: expect.closeTo(450, 6),
      y: expect.closeTo(50, 6),
      width: expect.closeTo(300, 6),
      height: expect.closeTo(200, 6),
    });
  });

  it('gives the longest of two in one column once, and both of two in a row', () => {
    const column = new Room([grown('a', 500, 100), grown('b', 500, 500, { width: 600, height: 400 })]);
    expect(column.place({ x: 740, y: 0 }).x).toBe(740 + 622);
    const row = new Room([grown('a', 500, 100), grown('b', 800, 100)]);
    expect(row.place({ x: 800, y: 0 }).x).toBe(800 + 622);
    expect(row.place({ x: 1100, y: 0 }).x).toBe(1100 + 2 * 622);
    expect(row.place({ x: 0, y: 300 }).y).toBe(300 + 338);
  });

  it('never lets two overlap that did not', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = new Random(seed);
      const items: Rect[] = [];
      for (let tries = 0; tries < 60; tries++) {
        const rect = { x: Math.round(random.uniform() * 1600), y: Math.round(random.uniform() * 900), ...card };
        if (!items.some((one) => overlap(one, rect))) items.push(rect);
      }
      const large = items
        .slice(0, 3)
        .map(({ x, y }, i) => grown(String(i), x, y, { width: 300 + 200 * i, height: 500 - 100 * i }));
      const shown = new Room(large);
      const placed = items.map((item, i) => ({ ...item, ...shown.place(item), ...shown.sizeOf(i < 3 ? String(i) : '-') }));
      const crossing = placed.flatMap((a, i) => placed.slice(i + 1).filter((b) => overlap(a, b)));
      expect(crossing, `seed ${seed}`).toEqual([]);
    }
  });

  it('leaves all as it is where nothing grows, the very objects', () => {
    const corner = { x: 1, y: 2 };
    expect(new Room([]).place(corner)).toBe(corner);
    expect(room.place(corner)).toBe(room.place(corner));
  });
});
