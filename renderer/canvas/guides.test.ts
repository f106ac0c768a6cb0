import { expect, it } from 'vitest';
import { snapTo } from './guides.ts';
import type { Rect } from './view.ts';

/** Multiples of four, so that middles are whole. */
function draws(seed: number): (least: number, most: number) => number {
  let state = seed * 7919;
  return (least, most) => {
    state = (state * 48_271) % 2_147_483_647;
    return 4 * (least + (state % (most - least + 1)));
  };
}
function scene(seed: number): { moving: Rect; others: Rect[] } {
  const draw = draws(seed);
  const rect = (): Rect => ({ x: draw(-60, 60), y: draw(-30, 30), width: draw(8, 25), height: draw(5, 15) });
  return { moving: rect(), others: Array.from({ length: (seed % 7) + 1 }, rect) };
}
const scenes = Array.from({ length: 400 }, (_, i) => scene(i + 1));
const reach = 9;

type Axis = 'x' | 'y';
const low = (r: Rect, axis: Axis): number => (axis === 'x' ? r.x : r.y);
const high = (r: Rect, axis: Axis): number => (axis === 'x' ? r.x + r.width : r.y + r.height);

/** Whether it stands in line, or with equal gaps, there: said without any arithmetic of shifts. */
function inLine(moving: Rect, at: Rect, others: readonly Rect[], axis: Axis): boolean {
  const edges = (r: Rect): number[] => [low(r, axis), high(r, axis)];
  const centre = (r: Rect): number => low(r, axis) + high(r, axis);
  if (others.some((o) => edges(o).some((edge) => edges(at).includes(edge)) || centre(o) === centre(at))) return true;
  const other: Axis = axis === 'x' ? 'y' : 'x';
  // Its row, or column, in order; who its neighbours are is settled where it is dragged to.
  const row = others.filter((o) => low(o, other) < high(moving, other) && low(moving, other) < high(o, other));
  const lefts = row.filter((o) => 2 * high(o, axis) <= centre(moving));
  const rights = row.filter((o) => 2 * low(o, axis) >= centre(moving));
  const left = lefts.sort((a, b) => high(b, axis) - high(a, axis))[0];
  const right = rights.sort((a, b) => low(a, axis) - low(b, axis))[0];
  const gap = (a: Rect, b: Rect): number => low(b, axis) - high(a, axis);
  if (left && right && gap(left, at) === gap(at, right) && gap(left, right) >= high(at, axis) - low(at, axis)) return true;
  const ends = left ? Math.max(...row.filter((o) => high(o, axis) <= low(left, axis)).map((o) => high(o, axis))) : 0;
  if (left && Number.isFinite(ends) && low(left, axis) - ends === gap(left, at)) return true;
  const begins = right ? Math.min(...row.filter((o) => low(o, axis) >= high(right, axis)).map((o) => low(o, axis))) : 0;
  return right !== undefined && Number.isFinite(begins) && begins - high(right, axis) === gap(at, right);
}

it.each(['x', 'y'] as const)('along %s it jumps to the nearest place in line, or stays', (axis) => {
  let snapped = 0;
  for (const { moving, others } of scenes) {
    const fits = Array.from({ length: 2 * reach + 1 }, (_, i) => i - reach).filter((shift) =>
      inLine(moving, { ...moving, [axis]: moving[axis] + shift }, others, axis),
    );
    const shift = snapTo(moving, others, reach)[axis];
    if (shift !== null) snapped++;
    expect(shift === null ? null : Math.abs(shift)).toBe(fits.length === 0 ? null : Math.min(...fits.map(Math.abs)));
    if (shift !== null) expect(fits).toContain(shift);
  }
  expect(snapped).toBeGreaterThan(50);
});

it('shows lines through both, and the gaps that are equal', () => {
  const card = (x: number, y: number): Rect => ({ x, y, width: 178, height: 62 });
  const { x, y, strokes } = snapTo(card(485, 4), [card(0, 0), card(240, 0)], 6);
  expect([x, y]).toEqual([-5, -4]);
  expect(strokes).toContainEqual({ kind: 'gap', x1: 178, y1: 31, x2: 240, y2: 31 });
  expect(strokes).toContainEqual({ kind: 'gap', x1: 418, y1: 31, x2: 480, y2: 31 });
  expect(strokes).toContainEqual({ kind: 'line', x1: 240, y1: 0, x2: 658, y2: 0 });
  expect(snapTo(card(485, 4), [card(0, 0), card(240, 0)], 3)).toEqual({ x: null, y: null, strokes: [] });
});
