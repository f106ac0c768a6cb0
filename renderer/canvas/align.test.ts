import { describe, expect, it } from 'vitest';
import { align, axes, type Box, distribute, type Side, sides } from './align.ts';

/** Boxes of all kinds of sizes and places, overlapping ones too. */
function someBoxes(seed: number): Box[] {
  let state = seed;
  const draw = (least: number, most: number): number => {
    state = (state * 48_271) % 2_147_483_647;
    return least + (state % (most - least + 1));
  };
  return Array.from({ length: draw(2, 9) }, (_, i) => ({
    id: `n${i}`,
    x: draw(-400, 400),
    y: draw(-400, 400),
    width: draw(40, 260),
    height: draw(20, 160),
  }));
}
const seeds = Array.from({ length: 60 }, (_, i) => i + 1);
const moved = (boxes: readonly Box[], to: ReadonlyMap<string, { x: number; y: number }>): Box[] =>
  boxes.map((box) => ({ ...box, ...(to.get(box.id) ?? { x: Number.NaN, y: Number.NaN }) }));
const edges = (boxes: readonly Box[]) => ({
  left: Math.min(...boxes.map((b) => b.x)),
  right: Math.max(...boxes.map((b) => b.x + b.width)),
  top: Math.min(...boxes.map((b) => b.y)),
  bottom: Math.max(...boxes.map((b) => b.y + b.height)),
});
const pointOf: Readonly<Record<Side, (box: Box) => number>> = {
  left: (b) => b.x,
  centre: (b) => b.x + b.width / 2,
  right: (b) => b.x + b.width,
  top: (b) => b.y,
  middle: (b) => b.y + b.height / 2,
  bottom: (b) => b.y + b.height,
};
const flat = (side: Side): boolean => ['left', 'centre', 'right'].includes(side);

describe.each(sides)('align %s', (side) => {
  it('all have it in the line of the box around them', () =>
    seeds.map(someBoxes).forEach((boxes) => {
      const around = edges(boxes);
      const lines = {
        ...around,
        centre: (around.left + around.right) / 2,
        middle: (around.top + around.bottom) / 2,
      };
      for (const [i, box] of moved(boxes, align(boxes, side)).entries()) {
        expect(Math.abs(pointOf[side](box) - lines[side])).toBeLessThanOrEqual(0.5);
        expect(flat(side) ? box.y : box.x).toBe(flat(side) ? boxes[i]?.y : boxes[i]?.x);
        expect([box.x, box.y].every(Number.isInteger)).toBe(true);
      }
    }));
});

describe.each(axes)('distribute %s', (axis) => {
  const start = (b: Box): number => (axis === 'horizontal' ? b.x : b.y);
  const length = (b: Box): number => (axis === 'horizontal' ? b.width : b.height);
  it('gaps are the same, order and outer edges stay', () =>
    seeds.map(someBoxes).forEach((boxes) => {
      const after = moved(boxes, distribute(boxes, axis));
      const order = [...boxes].sort((a, b) => start(a) + length(a) / 2 - start(b) - length(b) / 2).map(({ id }) => id);
      const row = order.map((id) => after.find((box) => box.id === id)).filter((box) => box !== undefined);
      const gaps = row.slice(1).map((box, i) => start(box) - start(row[i] ?? box) - length(row[i] ?? box));
      expect(Math.max(...gaps) - Math.min(...gaps)).toBeLessThanOrEqual(1);
      const first = row[0];
      const last = row.at(-1);
      if (!first || !last) throw new Error('no boxes');
      expect(start(first)).toBe(Math.min(...boxes.map(start)));
      expect(Math.abs(start(last) + length(last) - Math.max(...boxes.map((b) => start(b) + length(b))))).toBeLessThanOrEqual(0.5);
      for (const [i, box] of after.entries())
        expect(axis === 'horizontal' ? box.y : box.x).toBe(axis === 'horizontal' ? boxes[i]?.y : boxes[i]?.x);
    }));
});

it('three cards of different heights in a row, by hand', () => {
  const boxes = [
    { id: 'a', x: 0, y: 0, width: 178, height: 62 },
    { id: 'b', x: 200, y: 10, width: 178, height: 82 },
    { id: 'c', x: 500, y: 30, width: 178, height: 62 },
  ];
  expect([...align(boxes, 'middle').values()].map(({ y }) => y)).toEqual([15, 5, 15]);
  expect([...distribute(boxes, 'horizontal').values()].map(({ x }) => x)).toEqual([0, 250, 500]);
});
