import { alignedTo, type PrincipalAxes, principalAxes, project } from './principal-axes.ts';

export interface ProjectionQuestion {
  readonly kind: 'projection';
  /** `[S, H]`, shared. */
  readonly values: Float32Array;
  /** H */
  readonly units: number;
  /** States of a sentence `[T, H]`. */
  readonly path: Float32Array | null;
  /** Axes that are kept; `null` fits new ones. */
  readonly axes: PrincipalAxes | null;
  /** Earlier ones, whose order and signs new ones take over. */
  readonly reference: PrincipalAxes | null;
  readonly count: number;
}

export interface ProjectionAnswer {
  readonly axes: PrincipalAxes;
  /** Steps that new axes were fitted to. */
  readonly steps: number;
  /** Share of the variance of all S steps along each axis. */
  readonly explained: readonly number[];
  /** `[S, K]` */
  readonly points: Float32Array;
  /** `[T, K]` */
  readonly path: Float32Array | null;
}

/** Multiplications of a fit at most: about a second. */
const mostWork = 1e9;

/** Rows after which it is told how far it is. */
const piece = 1024;

/** States on the directions in which they differ most. @param onProgress multiplications, but for those that find the axes of a covariance */
export function projectStates(
  { values, units, path, axes, reference, count }: ProjectionQuestion,
  onProgress: (done: number, of: number) => void = () => undefined,
): ProjectionAnswer {
  const steps = values.length / units;
  const rows = Math.min(steps, Math.max(4 * units, Math.floor(mostWork / units ** 2)));
  const fit = axes === null ? rows * units ** 2 : 0;
  const of = fit + steps * units * Math.min(count, units);
  const chosen = axes ?? fitted(values, units, rows, count, reference, (read) => onProgress(read * units ** 2, of));
  const points = projected(values, units, chosen, (read) => onProgress(fit + read * units * chosen.axes.rows, of));
  return {
    axes: chosen,
    steps: rows,
    explained: explainedBy(values, units, points, chosen.axes.rows),
    points,
    path: path && projected(path, units, chosen),
  };
}

/** Axes of so many of the states, evenly spread. */
function fitted(
  values: Float32Array,
  units: number,
  rows: number,
  count: number,
  reference: PrincipalAxes | null,
  onRows: (read: number) => void,
): PrincipalAxes {
  const steps = values.length / units;
  const data = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * steps) / rows) * units;
    data.set(values.subarray(from, from + units), row * units);
  }
  const found = principalAxes({ rows, width: units, data }, count, (read) => {
    if (read % piece === 0) onRows(read);
  });
  return reference === null ? found : alignedTo(reference, found);
}

/** In pieces: the states in double precision would take twice their memory. */
function projected(
  values: Float32Array,
  units: number,
  axes: PrincipalAxes,
  onRows: (read: number) => void = () => undefined,
): Float32Array {
  const [rows, width] = [values.length / units, axes.axes.rows];
  const points = new Float32Array(rows * width);
  for (let from = 0; from < rows; from += piece) {
    const data = Float64Array.from(values.subarray(from * units, Math.min(rows, from + piece) * units));
    points.set(project({ rows: data.length / units, width: units, data }, axes).data, from * width);
    onRows(Math.min(rows, from + piece));
  }
  return points;
}

/** Of the sum of all units' variances. */
function explainedBy(values: Float32Array, units: number, points: Float32Array, count: number): readonly number[] {
  const variance = (data: Float32Array, width: number, column: number): number => {
    const rows = data.length / width;
    let mean = 0;
    for (let at = column; at < data.length; at += width) mean += (data[at] ?? 0) / rows;
    let squares = 0;
    for (let at = column; at < data.length; at += width) squares += ((data[at] ?? 0) - mean) ** 2;
    return squares;
  };
  let total = 0;
  for (let unit = 0; unit < units; unit++) total += variance(values, units, unit);
  return Array.from({ length: count }, (_, axis) => (total === 0 ? 0 : variance(points, count, axis) / total));
}
