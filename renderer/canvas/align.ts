import type { Rect } from './view.ts';

/** What is placed, with its size on the canvas. */
export interface Box extends Rect {
  readonly id: string;
}
type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

export const sides = ['left', 'centre', 'right', 'top', 'middle', 'bottom'] as const;
export type Side = (typeof sides)[number];
export const axes = ['horizontal', 'vertical'] as const;
export type Axis = (typeof axes)[number];

/** Where a side is: how far along a box of length 1. */
const share: Readonly<Record<Side, number>> = { left: 0, centre: 0.5, right: 1, top: 0, middle: 0.5, bottom: 1 };
const axisOf = (side: Side): Axis => (side === 'left' || side === 'centre' || side === 'right' ? 'horizontal' : 'vertical');

/** A box along one axis. */
interface Span {
  readonly id: string;
  readonly start: number;
  readonly length: number;
}
const spans = (boxes: readonly Box[], axis: Axis): Span[] =>
  boxes.map(({ id, x, y, width, height }) =>
    axis === 'horizontal' ? { id, start: x, length: width } : { id, start: y, length: height },
  );
const boundsOf = (all: readonly Span[]) => ({
  start: Math.min(...all.map(({ start }) => start)),
  end: Math.max(...all.map(({ start, length }) => start + length)),
});

/** In whole pixels, so that text stays sharp. */
function places(boxes: readonly Box[], axis: Axis, starts: ReadonlyMap<string, number>): Places {
  return new Map(
    boxes.map(({ id, x, y }) => {
      const start = Math.round(starts.get(id) ?? 0);
      return [id, axis === 'horizontal' ? { x: start, y } : { x, y: start }];
    }),
  );
}

/** Places where all boxes have one side, or their middle, in a line: that of the box around them all. To half a pixel. */
export function align(boxes: readonly Box[], side: Side): Places {
  const all = spans(boxes, axisOf(side));
  const { start, end } = boundsOf(all);
  const line = start + (end - start) * share[side];
  return places(boxes, axisOf(side), new Map(all.map(({ id, length }) => [id, line - length * share[side]])));
}

/**
 * Places with the same gap between each box and the next along an axis, in the order of their middles; the box around them all stays.
 * The gap is negative where they do not fit beside each other. To half a pixel.
 */
export function distribute(boxes: readonly Box[], axis: Axis): Places {
  const all = spans(boxes, axis).sort((a, b) => a.start + a.length / 2 - (b.start + b.length / 2));
  const { start, end } = boundsOf(all);
  const taken = all.reduce((sum, { length }) => sum + length, 0);
  const gap = (end - start - taken) / Math.max(1, all.length - 1);
  const starts = new Map<string, number>();
  let next = start;
  for (const { id, length } of all) {
    starts.set(id, next);
    next += length + gap;
  }
  return places(boxes, axis, starts);
}
