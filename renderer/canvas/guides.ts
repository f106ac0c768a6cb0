import type { Rect } from './view.ts';

/** A stroke along one axis, in graph units. */
export interface Stroke {
  readonly kind: 'line' | 'gap';
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** How far what is dragged jumps, and what shows why. `null` along an axis where nothing is near. */
export interface Snap {
  readonly x: number | null;
  readonly y: number | null;
  readonly strokes: readonly Stroke[];
}

type Axis = 'x' | 'y';
interface Span {
  readonly start: number;
  readonly end: number;
}
const spanOf = (rect: Rect, axis: Axis): Span =>
  axis === 'x' ? { start: rect.x, end: rect.x + rect.width } : { start: rect.y, end: rect.y + rect.height };
const middle = ({ start, end }: Span): number => (start + end) / 2;
const across = (axis: Axis): Axis => (axis === 'x' ? 'y' : 'x');

/** Edges on edges, and middles on middles: tells what of the moving span, and the place it would come to. */
function eachLine(own: Span, its: Span, tell: (from: number, to: number) => void): void {
  tell(own.start, its.start);
  tell(own.start, its.end);
  tell(own.end, its.start);
  tell(own.end, its.end);
  tell(middle(own), middle(its));
}

/** Those with a line within reach of one of the moving one's. Makes nothing for each: there may be a thousand, at each move. */
function inReach(moving: Rect, others: readonly Rect[], axis: Axis, reach: number): readonly Rect[] {
  const { start, end } = spanOf(moving, axis);
  return others.filter((other) => {
    const from = axis === 'x' ? other.x : other.y;
    const to = from + (axis === 'x' ? other.width : other.height);
    return (
      Math.abs(from - start) <= reach ||
      Math.abs(to - start) <= reach ||
      Math.abs(from - end) <= reach ||
      Math.abs(to - end) <= reach ||
      Math.abs(from + to - start - end) <= 2 * reach
    );
  });
}

/** Those that a line along the axis meets that goes through the moving one. */
function rowOf(moving: Rect, others: readonly Rect[], axis: Axis): readonly Rect[] {
  const { start, end } = spanOf(moving, across(axis));
  return axis === 'x'
    ? others.filter(({ y, height }) => y < end && start < y + height)
    : others.filter(({ x, width }) => x < end && start < x + width);
}

/** The line at a place, through both. */
function lineAt(at: number, moved: Rect, other: Rect, axis: Axis): Stroke {
  const [a, b] = [spanOf(moved, across(axis)), spanOf(other, across(axis))];
  const [start, end] = [Math.min(a.start, b.start), Math.max(a.end, b.end)];
  return axis === 'x'
    ? { kind: 'line', x1: at, y1: start, x2: at, y2: end }
    : { kind: 'line', x1: start, y1: at, x2: end, y2: at };
}

/** A shift that makes gaps equal, and the gaps. */
interface EqualGaps {
  readonly shift: number;
  strokes(moved: Rect): Stroke[];
}

/** The nearest that ends before a place, or begins behind it. */
const before = (row: readonly Rect[], place: number, axis: Axis): Rect | undefined =>
  row
    .filter((rect) => spanOf(rect, axis).end <= place)
    .reduce<Rect | undefined>((a, b) => (a && spanOf(a, axis).end >= spanOf(b, axis).end ? a : b), undefined);
const behind = (row: readonly Rect[], place: number, axis: Axis): Rect | undefined =>
  row
    .filter((rect) => spanOf(rect, axis).start >= place)
    .reduce<Rect | undefined>((a, b) => (a && spanOf(a, axis).start <= spanOf(b, axis).start ? a : b), undefined);

/** The same gap on both sides, or the gap that the neighbour has to its own neighbour. */
function gaps(moving: Rect, others: readonly Rect[], axis: Axis): EqualGaps[] {
  const own = spanOf(moving, axis);
  const row = rowOf(moving, others, axis);
  const [left, right] = [before(row, middle(own), axis), behind(row, middle(own), axis)];
  const found: EqualGaps[] = [];
  const between = (moved: Rect, a: Rect, b: Rect): Stroke => {
    const at = middle(spanOf(moved, across(axis)));
    const [from, to] = [spanOf(a, axis).end, spanOf(b, axis).start];
    return axis === 'x' ? { kind: 'gap', x1: from, y1: at, x2: to, y2: at } : { kind: 'gap', x1: at, y1: from, x2: at, y2: to };
  };
  if (left && right && spanOf(right, axis).start - spanOf(left, axis).end >= own.end - own.start) {
    const shift = (spanOf(left, axis).end + spanOf(right, axis).start) / 2 - middle(own);
    found.push({ shift, strokes: (moved) => [between(moved, left, moved), between(moved, moved, right)] });
  }
  const leftmost = left && before(row, spanOf(left, axis).start, axis);
  if (left && leftmost) {
    const gap = spanOf(left, axis).start - spanOf(leftmost, axis).end;
    const shift = spanOf(left, axis).end + gap - own.start;
    found.push({ shift, strokes: (moved) => [between(moved, leftmost, left), between(moved, left, moved)] });
  }
  const rightmost = right && behind(row, spanOf(right, axis).end, axis);
  if (right && rightmost) {
    const gap = spanOf(rightmost, axis).start - spanOf(right, axis).end;
    const shift = spanOf(right, axis).start - gap - own.end;
    found.push({ shift, strokes: (moved) => [between(moved, moved, right), between(moved, right, rightmost)] });
  }
  return found;
}

/** The smallest shift within reach, to whole pixels; `null` when there is none. */
function nearest(moving: Rect, others: readonly Rect[], equal: readonly EqualGaps[], axis: Axis, reach: number): number | null {
  const own = spanOf(moving, axis);
  let best = Number.POSITIVE_INFINITY;
  const consider = (shift: number): void => {
    if (Math.abs(shift) < Math.abs(best)) best = shift;
  };
  for (const other of others) eachLine(own, spanOf(other, axis), (from, to) => consider(to - from));
  for (const { shift } of equal) consider(shift);
  return Math.abs(best) <= reach ? Math.round(own.start + best) - own.start : null;
}

/** What holds at that shift, to half a pixel. */
function reasons(
  shift: number,
  moving: Rect,
  moved: Rect,
  others: readonly Rect[],
  equal: readonly EqualGaps[],
  axis: Axis,
): Stroke[] {
  const holds = (found: number): boolean => Math.abs(found - shift) <= 0.5;
  const own = spanOf(moving, axis);
  const strokes = equal.filter((gap) => holds(gap.shift)).flatMap((gap) => gap.strokes(moved));
  for (const other of others)
    eachLine(own, spanOf(other, axis), (from, to) => {
      if (holds(to - from)) strokes.push(lineAt(to, moved, other, axis));
    });
  return strokes;
}

/**
 * Where a rectangle that is dragged comes in line with others, or stands with equal gaps between its neighbours.
 *
 * @param reach how far it may jump, in graph units
 */
export function snapTo(moving: Rect, others: readonly Rect[], reach: number): Snap {
  const equal = { x: gaps(moving, others, 'x'), y: gaps(moving, others, 'y') };
  // What holds to half a pixel may be that much further.
  const near = { x: inReach(moving, others, 'x', reach + 1), y: inReach(moving, others, 'y', reach + 1) };
  const x = nearest(moving, near.x, equal.x, 'x', reach);
  const y = nearest(moving, near.y, equal.y, 'y', reach);
  const moved = { ...moving, x: moving.x + (x ?? 0), y: moving.y + (y ?? 0) };
  return {
    x,
    y,
    strokes: [
      ...(x === null ? [] : reasons(x, moving, moved, near.x, equal.x, 'x')),
      ...(y === null ? [] : reasons(y, moving, moved, near.y, equal.y, 'y')),
    ],
  };
}
