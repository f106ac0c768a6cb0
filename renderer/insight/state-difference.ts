import { largest, type Matrix } from './matrix.ts';

/** Below this, relative to the largest value of a line, two runs differ by rounding: one is by the equations, one by the kernels. */
const rounding = 1e-5;

/**
 * Values after less those before `[T, units]`, 0 where they differ by rounding alone.
 *
 * @param was for each row after, which row it was before; `null` where there was none: its differences are no numbers
 */
export function stateDifference(before: Matrix, after: Matrix, was: readonly (number | null)[]): Matrix {
  const { rows, columns } = after;
  const data = new Float32Array(rows * columns);
  const least = rounding * Math.max(largest(before), largest(after));
  for (let row = 0; row < rows; row++) {
    const from = was[row];
    for (let unit = 0; unit < columns; unit++) {
      const old = from == null ? Number.NaN : (before.data[from * columns + unit] ?? Number.NaN);
      const change = (after.data[row * columns + unit] ?? Number.NaN) - old;
      data[row * columns + unit] = Math.abs(change) <= least ? 0 : change;
    }
  }
  return { rows, columns, data };
}

export interface DifferenceWords {
  /** The first row of the cell's own order at which anything differs; `null` where nothing does. */
  readonly first: number | null;
  /** Where the largest difference is. */
  readonly row: number;
  readonly unit: number;
  readonly change: number;
  /** How many units differ at any step. */
  readonly units: number;
}

/** Where two runs differ. @param backward the cell reads the last row first */
export function whereDifferent({ rows, columns, data }: Matrix, backward: boolean): DifferenceWords {
  let [row, unit, change] = [0, 0, 0];
  const [differing, units] = [new Set<number>(), new Set<number>()];
  for (const [at, value] of data.entries()) {
    if (!Number.isFinite(value) || value === 0) continue;
    differing.add(Math.floor(at / columns));
    units.add(at % columns);
    if (Math.abs(value) > Math.abs(change)) [row, unit, change] = [Math.floor(at / columns), at % columns, value];
  }
  const first = differing.size === 0 ? null : backward ? Math.max(...differing) : Math.min(...differing);
  return { first: rows === 0 ? null : first, row, unit, change, units: units.size };
}

/** Units by how much they differ at most, the most first. */
export function byDifference({ rows, columns, data }: Matrix): readonly number[] {
  const most = Array.from({ length: columns }, (_, unit) => {
    let largest = 0;
    for (let row = 0; row < rows; row++) {
      const size = Math.abs(data[row * columns + unit] ?? 0);
      if (size > largest) largest = size;
    }
    return largest;
  });
  return most.map((_, unit) => unit).sort((a, b) => (most[b] ?? 0) - (most[a] ?? 0) || a - b);
}
