import type uPlot from 'uplot';
import { decimate } from './decimation.ts';
import { smooth } from './smoothing.ts';

export interface ChartLine {
  readonly label: string;
  /** A colour token, e.g. `--accent`. */
  readonly color: string;
  /** Told apart without colour too. */
  readonly dashed?: boolean;
  readonly x: readonly number[];
  readonly y: readonly number[];
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
    const y = line.y.map((value) => (Number.isFinite(value) && (!logarithmic || value > 0) ? value : null));
    const soft = line.smoothed === true && smoothing > 0;
    return (soft ? [true, false] : [false]).map((faint) => {
      const values = soft && !faint ? smooth(y, smoothing) : y;
      const kept = decimate(line.x, values, buckets, range.from, range.to);
      return { line, faint, x: kept.map((i) => line.x[i] ?? 0), y: kept.map((i) => values[i] ?? null) };
    });
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

/** The value at a column's index, or the last known before it: lines have points at different places. */
export function valueAt(column: uPlot.AlignedData[number] | undefined, index: number): number | null {
  for (let i = index; i >= 0; i--) {
    const value = column?.[i];
    if (value !== null && value !== undefined) return value;
  }
  return null;
}
