import type { Block } from '../../cells/step/evaluate.ts';
import { dot, norm } from './vectors.ts';

/**
 * Units in an order in which neighbours behave alike: the leaves of hierarchical clustering by average linkage over 1 − r, r the
 * correlation of two units, where at each merge the ends that are more alike come together. Units that never change have no correlation,
 * and stand last, in their own order.
 *
 * @param values `[n, H]`: what each unit was at each place
 * @returns the H places of the units
 */
export function orderBySimilarity(values: Block): readonly number[] {
  const units = standardized(values);
  const moving = units.flatMap((unit, i) => (unit === null ? [] : [{ i, unit }]));
  const still = units.flatMap((unit, i) => (unit === null ? [i] : []));
  const between = moving.map(({ unit: a }) => Float64Array.from(moving, ({ unit: b }) => 1 - dot(a, b)));
  return [...leaves(between).flatMap((leaf) => moving[leaf]?.i ?? []), ...still];
}

/** Each unit centred and 1 long; `null` for one that never changes, or that is no number somewhere. */
function standardized({ rows, width, data }: Block): readonly (Float64Array | null)[] {
  return Array.from({ length: width }, (_, unit) => {
    const column = Float64Array.from({ length: rows }, (__, row) => data[row * width + unit] ?? Number.NaN);
    const mean = column.reduce((sum, value) => sum + value, 0) / rows;
    const size = norm(column);
    const centred = column.map((value) => value - mean);
    const length = norm(centred);
    return length > 1e-12 * size && Number.isFinite(length) ? centred.map((value) => value / length) : null;
  });
}

/**
 * Leaves of the tree in order. The chain of nearest neighbours (Murtagh 1983) finds the merges in n² steps; distances of a merged cluster
 * are the means over its pairs.
 */
function leaves(between: readonly Float64Array[]): readonly number[] {
  const distance = between.map((row) => row.slice());
  const clusters = new Map<number, readonly number[]>(between.map((_, i) => [i, [i]]));
  const chain: number[] = [];
  while (clusters.size > 1) {
    if (chain.length === 0) chain.push(clusters.keys().next().value ?? 0);
    const top = chain.at(-1) ?? 0;
    const nearest = nearestTo(top, chain.at(-2) ?? null, distance, clusters);
    if (nearest !== chain.at(-2)) {
      chain.push(nearest);
      continue;
    }
    chain.splice(-2);
    merge(top, nearest, distance, clusters, between);
  }
  return [...clusters.values()][0] ?? [];
}

/** Of equally near ones the one before in the chain, so that it ends. */
function nearestTo(
  of: number,
  before: number | null,
  distance: readonly Float64Array[],
  clusters: ReadonlyMap<number, unknown>,
): number {
  let best = before ?? -1;
  let least = before === null ? Number.POSITIVE_INFINITY : (distance[of]?.[before] ?? Number.POSITIVE_INFINITY);
  for (const other of clusters.keys()) {
    const far = distance[of]?.[other] ?? Number.POSITIVE_INFINITY;
    if (other !== of && far < least) [best, least] = [other, far];
  }
  return best;
}

function merge(
  a: number,
  b: number,
  distance: readonly Float64Array[],
  clusters: Map<number, readonly number[]>,
  between: readonly Float64Array[],
): void {
  const [first, second] = [clusters.get(a) ?? [], clusters.get(b) ?? []];
  for (const other of clusters.keys()) {
    const [toA, toB] = [distance[a]?.[other] ?? 0, distance[b]?.[other] ?? 0];
    const mean = (first.length * toA + second.length * toB) / (first.length + second.length);
    for (const [from, to] of [
      [a, other],
      [other, a],
    ] as const) {
      const row = distance[from];
      if (row !== undefined) row[to] = mean;
    }
  }
  clusters.set(a, joined(first, second, between));
  clusters.delete(b);
}

/** Both turned so that the ends that touch are the most alike. */
function joined(first: readonly number[], second: readonly number[], between: readonly Float64Array[]): readonly number[] {
  const turned = (leavesOf: readonly number[]): readonly number[] => [...leavesOf].reverse();
  const ways = [
    [first, second],
    [first, turned(second)],
    [turned(first), second],
    [turned(first), turned(second)],
  ] as const;
  const touch = ([left, right]: (typeof ways)[number]): number =>
    between[left.at(-1) ?? 0]?.[right[0] ?? 0] ?? Number.POSITIVE_INFINITY;
  const best = ways.reduce((least, way) => (touch(way) < touch(least) ? way : least));
  return best.flat();
}
