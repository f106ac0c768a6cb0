import { EigenvalueDecomposition, Matrix } from 'ml-matrix';
import type { Block } from '../../cells/step/evaluate.ts';
import { addScaled, dot, rowOf } from './vectors.ts';

/** Directions in which states differ most. */
export interface PrincipalAxes {
  /** `[H]`, at the origin of the axes. */
  readonly mean: Float64Array;
  /** `[K, H]`, each 1 long, the one with most variance first. */
  readonly axes: Block;
  /** Share of the whole variance along each. */
  readonly explained: readonly number[];
}

/**
 * Principal component analysis. The sign of an axis means nothing: its largest number is positive.
 *
 * @param states `[n, H]`, n at least 1
 * @param count K; no more axes than units
 * @param onRow how many of the states were read
 */
export function principalAxes(states: Block, count: number, onRow: (read: number) => void = () => undefined): PrincipalAxes {
  const { rows, width } = states;
  const mean = new Float64Array(width);
  for (let row = 0; row < rows; row++)
    rowOf(states, row).forEach((value, i) => {
      mean[i] = (mean[i] ?? 0) + value / rows;
    });
  const covariance = covarianceOf(states, mean, onRow);
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(covariance, { assumeSymmetric: true });
  const total = realEigenvalues.reduce((sum, value) => sum + Math.max(0, value), 0);
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => (realEigenvalues[b] ?? 0) - (realEigenvalues[a] ?? 0));
  const chosen = order.slice(0, Math.min(count, width));
  const axes = chosen.map((i) => positive(Float64Array.from(eigenvectorMatrix.getColumn(i))));
  return {
    mean,
    axes: { rows: axes.length, width, data: Float64Array.from(axes.flatMap((axis) => [...axis])) },
    explained: chosen.map((i) => (total === 0 ? 0 : Math.max(0, realEigenvalues[i] ?? 0) / total)),
  };
}

function covarianceOf(states: Block, mean: Float64Array, onRow: (read: number) => void): Matrix {
  const { rows, width } = states;
  const sums = Array.from({ length: width }, () => new Float64Array(width));
  for (let row = 0; row < rows; row++) {
    const centred = rowOf(states, row).map((value, i) => value - (mean[i] ?? 0));
    sums.forEach((sum, i) => {
      addScaled(sum, centred[i] ?? 0, centred);
    });
    onRow(row + 1);
  }
  return new Matrix(sums).div(Math.max(1, rows - 1));
}

/**
 * Axes that were fitted later, in the order and with the signs of earlier ones that they are nearest to: a picture of an epoch is not
 * mirrored or turned against that of the epoch before. Pairs with the smallest angle are matched first.
 */
export function alignedTo(reference: PrincipalAxes, later: PrincipalAxes): PrincipalAxes {
  const count = later.axes.rows;
  const pairs = Array.from({ length: count }, (_, to) =>
    Array.from({ length: Math.min(count, reference.axes.rows) }, (__, from) => ({
      to,
      from,
      cosine: dot(rowOf(reference.axes, from), rowOf(later.axes, to)),
    })),
  )
    .flat()
    .sort((a, b) => Math.abs(b.cosine) - Math.abs(a.cosine));
  const places = new Map<number, { readonly to: number; readonly sign: number }>();
  const placed = new Set<number>();
  for (const { to, from, cosine } of pairs) {
    if (places.has(from) || placed.has(to)) continue;
    places.set(from, { to, sign: cosine < 0 ? -1 : 1 });
    placed.add(to);
  }
  const matched = [...places].sort(([a], [b]) => a - b).map(([, place]) => place);
  const rest = Array.from({ length: count }, (_, to) => ({ to, sign: 1 })).filter(({ to }) => !placed.has(to));
  const order = [...matched, ...rest];
  return {
    mean: later.mean,
    axes: {
      ...later.axes,
      data: Float64Array.from(order.flatMap(({ to, sign }) => [...rowOf(later.axes, to)].map((value) => sign * value))),
    },
    explained: order.map(({ to }) => later.explained[to] ?? 0),
  };
}

/** States on the axes. @param states `[n, H]` @returns `[n, K]` */
export function project(states: Block, { mean, axes }: PrincipalAxes): Block {
  const offsets = Array.from({ length: axes.rows }, (_, k) => dot(mean, rowOf(axes, k)));
  const data = new Float64Array(states.rows * axes.rows);
  for (let row = 0; row < states.rows; row++)
    for (let k = 0; k < axes.rows; k++) data[row * axes.rows + k] = dot(rowOf(states, row), rowOf(axes, k)) - (offsets[k] ?? 0);
  return { rows: states.rows, width: axes.rows, data };
}

function positive(axis: Float64Array): Float64Array {
  const largest = axis.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? axis.map((value) => -value) : axis;
}
