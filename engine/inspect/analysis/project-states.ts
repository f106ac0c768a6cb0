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

/** States on the directions in which they differ most. */
export function projectStates({ values, units, path, axes, reference, count }: ProjectionQuestion): ProjectionAnswer {
  const steps = values.length / units;
  const rows = Math.min(steps, Math.max(4 * units, Math.floor(mostWork / units ** 2)));
  const chosen = axes ?? fitted(values, units, rows, count, reference);
  const points = projected(values, units, chosen);
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
): PrincipalAxes {
  const steps = values.length / units;
  const data = new Float64Array(rows * units);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * steps) / rows) * units;
    data.set(values.subarray(from, from + units), row * units);
  }
  const found = principalAxes({ rows, width: units, data }, count);
  return reference === null ? found : alignedTo(reference, found);
}

/** In pieces: the states in double precision would take twice their memory. */
function projected(values: Float32Array, units: number, axes: PrincipalAxes): Float32Array {
  const [rows, width, piece] = [values.length / units, axes.axes.rows, 1024];
  const points = new Float32Array(rows * width);
  for (let from = 0; from < rows; from += piece) {
    const data = Float64Array.from(values.subarray(from * units, Math.min(rows, from + piece) * units));
    points.set(project({ rows: data.length / units, width: units, data }, axes).data, from * width);
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
