import type uPlot from 'uplot';
import { decimate } from './decimation.ts';
import { curveOf, knownCurve } from './growing-curve.ts';

export interface ChartLine {
  readonly label: string;
  /** A colour token, e.g. `--accent`. */
  readonly color: string;
  /** Told apart without colour too. */
  readonly dashed?: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** A band around the line, point by point: what lies within a standard deviation. */
  readonly band?: { readonly low: readonly number[]; readonly high: readonly number[] };
  /** Whether the smoothing applies; the raw line is then drawn faintly behind. */
  readonly smoothed?: boolean;
}

/** The visible part of the x axis. */
export interface XRange {
  readonly from: number;
  readonly to: number;
}
export const fullRange: XRange = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

export interface DrawnLine {
  readonly line: ChartLine;
  /** The raw line behind a smoothed one. */
  readonly faint: boolean;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

/** Where a line stops being drawn because its values are no finite numbers: the first of each stretch of them. */
export interface LineBreak {
  readonly x: number;
  readonly value: number;
}

export function lineBreaks(lines: readonly ChartLine[]): LineBreak[] {
  return lines.flatMap(({ x, y }) => curveOf(y, 0, false).breaks.map((at) => ({ x: x[at] ?? 0, value: y[at] ?? Number.NaN })));
}

/** Points on screen per line: four per bucket. */
const buckets = 600;

/** What is drawn of each line: smoothed, decimated to the visible range, without what a logarithmic axis cannot show. */
export function drawLines(
  lines: readonly ChartLine[],
  smoothing: number,
  logarithmic: boolean,
  range: XRange = fullRange,
): DrawnLine[] {
  return lines.flatMap((line) => {
    return weightsOf(line, smoothing).map((weight, at, { length }) => {
      const faint = at < length - 1;
      const curve = curveOf(line.y, weight, logarithmic);
      const kept = decimate(line.x, curve, buckets, range.from, range.to);
      return { line, faint, x: kept.map((i) => line.x[i] ?? 0), y: kept.map((i) => curve.at(i)) };
    });
  });
}

/** How a line is smoothed, each way that it is drawn: as it is behind itself smoothed. */
const weightsOf = ({ smoothed }: ChartLine, smoothing: number): readonly number[] =>
  smoothed === true && smoothing > 0 ? [0, smoothing] : [0];

/**
 * Looks at points that no picture was made of, for so many milliseconds: of a million it takes longer than a window can be kept waiting.
 *
 * @returns whether all are looked at, so that a picture is made of them at once
 */
export function lookAhead(lines: readonly ChartLine[], smoothing: number, logarithmic: boolean, milliseconds: number): boolean {
  const end = performance.now() + milliseconds;
  return lines.every((line) => {
    const ways = [...weightsOf(line, smoothing).map((weight) => [weight, logarithmic] as const), [0, false] as const];
    return ways.every(([weight, log]) => knownCurve(line.y, weight, log).advance(end - performance.now()));
  });
}

/** Lines with their own x values in one table over all x values; a cell without a point is `undefined` and drawn through. */
export function alignLines(drawn: readonly DrawnLine[]): uPlot.AlignedData {
  const xs = [...new Set(drawn.flatMap((d) => d.x))].sort((a, b) => a - b);
  const place = new Map(xs.map((x, i) => [x, i]));
  return [
    xs,
    ...drawn.map((d) => {
      const column: (number | null | undefined)[] = new Array(xs.length);
      d.x.forEach((x, i) => {
        const at = place.get(x);
        if (at !== undefined) column[at] = d.y[i] ?? null;
      });
      return column;
    }),
  ];
}

/** The points of a column that no line leads to or from: they are drawn as dots. */
export function lonePoints(column: uPlot.AlignedData[number]): number[] {
  const own = [...column.keys()].filter((index) => column[index] !== undefined);
  const drawn = (at: number): boolean => typeof column[own[at] ?? -1] === 'number';
  return own.filter((_, at) => drawn(at) && !drawn(at - 1) && !drawn(at + 1));
}

/** What a line says where the reading line stands: its own point there, though it be no finite number, or the last drawn one. */
export function readingAt(line: ChartLine, data: uPlot.AlignedData, column: number, index: number): number | null {
  if (data[column]?.[index] === null) {
    const value = line.y[line.x.indexOf(data[0][index] ?? Number.NaN)];
    if (value !== undefined && !Number.isFinite(value)) return value;
  }
  return valueAt(data[column], index);
}

/** The value at a column's index, or the last known before it: lines have points at different places. */
function valueAt(column: uPlot.AlignedData[number] | undefined, index: number): number | null {
  for (let i = index; i >= 0; i--) {
    const value = column?.[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
