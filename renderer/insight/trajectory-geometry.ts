import { evenAxis } from './chart-scale.ts';
import type { Matrix } from './matrix.ts';

/** Two of a projection's axes. */
export interface AxisPair {
  readonly x: number;
  readonly y: number;
}

/** Where numbers on two axes stand in a picture: each axis fills its side, so the numbers beside it tell how far apart things are. */
export interface PlaneScale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly ticks: Readonly<Record<'x' | 'y', readonly { readonly place: number; readonly label: string }[]>>;
}

/** Around what is drawn, px. */
const margin = { left: 70, right: 18, top: 14, bottom: 34 } as const;

/** All points in view. @param groups rows of `[n, K]` each */
export function planeScale(groups: readonly Matrix[], axes: AxisPair, width: number, height: number): PlaneScale {
  const [low, high] = [extremes(groups, axes, Math.min), extremes(groups, axes, Math.max)];
  const across = Math.max(1, width - margin.left - margin.right);
  const down = Math.max(1, height - margin.top - margin.bottom);
  const x = (value: number): number => margin.left + ((value - low.x) / (high.x - low.x || 1)) * across;
  const y = (value: number): number => margin.top + down - ((value - low.y) / (high.y - low.y || 1)) * down;
  const ticks = (from: number, to: number, place: (value: number) => number) =>
    evenAxis([from, to], String).ticks.flatMap(({ value, label }) =>
      value >= from && value <= to ? [{ place: place(value), label: label.replace('-', '−') }] : [],
    );
  return { x, y, ticks: { x: ticks(low.x, high.x, x), y: ticks(low.y, high.y, y) } };
}

function extremes(groups: readonly Matrix[], { x, y }: AxisPair, pick: (a: number, b: number) => number): AxisPair {
  let found: AxisPair | null = null;
  for (const { rows, columns, data } of groups)
    for (let row = 0; row < rows; row++) {
      const [a, b] = [data[row * columns + x] ?? 0, data[row * columns + y] ?? 0];
      found = found === null ? { x: a, y: b } : { x: pick(found.x, a), y: pick(found.y, b) };
    }
  return found ?? { x: 0, y: 0 };
}

/** The row that is drawn nearest to a point of the picture, within so many pixels; `null` where none is. */
export function nearestRow(
  { rows, columns, data }: Matrix,
  axes: AxisPair,
  scale: PlaneScale,
  point: { readonly x: number; readonly y: number },
  within: number,
): { readonly row: number; readonly away: number } | null {
  let best: { row: number; away: number } | null = null;
  for (let row = 0; row < rows; row++) {
    const dx = scale.x(data[row * columns + axes.x] ?? Number.NaN) - point.x;
    const dy = scale.y(data[row * columns + axes.y] ?? Number.NaN) - point.y;
    const away = Math.hypot(dx, dy);
    if (away <= within && (best === null || away < best.away)) best = { row, away };
  }
  return best;
}

/** The sequence of a step, by the places of their first steps in order. */
export function sequenceOf(starts: readonly number[], step: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}
