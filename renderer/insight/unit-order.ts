import { at, type Matrix, turned } from './matrix.ts';

/** Between which numbers values lie. */
type Range = '0..1' | '-1..1' | 'free';

/** In which order units stand. */
export type OrderName = 'index' | 'similarity' | 'saturation';

/**
 * Units in an order, of values `[T, units]`. `similarity`: units that do the same over time are neighbours, those that are on most come
 * first. `saturation`: those whose values are at an end of the range most often come first. Of many units and steps the first takes longer
 * than a frame: it may be left off at each `yield`.
 */
export function* unitOrder(matrix: Matrix, order: OrderName, range: Range): Generator<void, readonly number[]> {
  const units = Array.from({ length: matrix.columns }, (_, unit) => unit);
  if (order === 'index' || matrix.columns < 2) return units;
  if (order === 'similarity') return yield* bySimilarity(matrix);
  const most = endOf(matrix, range);
  const share = units.map((unit) => saturation(matrix, unit, range, most));
  return units.sort((a, b) => (share[b] ?? 0) - (share[a] ?? 0) || a - b);
}

/** The largest size that values have, of those without a range the largest there is. */
function endOf({ data }: Matrix, range: Range): number {
  let most = 1;
  if (range === 'free') for (const value of data) most = Math.max(most, Math.abs(value));
  return most;
}

/**
 * Share of the steps at which a unit is within a tenth of an end of its range: where its slope is small. Values without a range are
 * compared with the largest of all.
 */
export function saturation(matrix: Matrix, unit: number, range: Range, most = endOf(matrix, range)): number {
  let count = 0;
  for (let row = 0; row < matrix.rows; row++) {
    const value = at(matrix, row, unit);
    if (range === '0..1' ? value < 0.1 || value > 0.9 : Math.abs(value) > 0.9 * most) count++;
  }
  return matrix.rows === 0 ? 0 : count / matrix.rows;
}

interface Cluster {
  readonly members: readonly number[];
  readonly mean: number;
}

/** Leaves of a tree of clusters, nearest first (average linkage, Lance–Williams; chains of nearest neighbours, Murtagh 1983): O(units² · T). */
function* bySimilarity(matrix: Matrix): Generator<void, readonly number[]> {
  const { rows, columns: count } = matrix;
  const { data } = turned(matrix);
  const distance = new Float64Array(count * count);
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      let sum = 0;
      for (let row = 0; row < rows; row++) {
        const away = (data[a * rows + row] ?? 0) - (data[b * rows + row] ?? 0);
        sum += away * away;
      }
      distance[a * count + b] = distance[b * count + a] = Math.sqrt(sum);
    }
    yield;
  }
  const meanOf = (unit: number): number => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += at(matrix, row, unit);
    return sum / Math.max(1, rows);
  };
  const clusters: (Cluster | null)[] = Array.from({ length: count }, (_, unit) => ({ members: [unit], mean: meanOf(unit) }));
  const chain: number[] = [];
  for (let left = count; left > 1; ) {
    if (chain.length === 0) chain.push(clusters.findIndex((cluster) => cluster !== null));
    const top = chain.at(-1) ?? 0;
    const before = chain.at(-2) ?? -1;
    // The one before wins a tie, or chains would not end.
    let nearest = before;
    for (let other = 0; other < count; other++) {
      if (other === top || clusters[other] === null) continue;
      const closer =
        (distance[top * count + other] ?? 0) < (nearest < 0 ? Number.POSITIVE_INFINITY : (distance[top * count + nearest] ?? 0));
      if (closer) nearest = other;
    }
    if (nearest !== before) {
      chain.push(nearest);
      continue;
    }
    yield;
    chain.length -= 2;
    const [a, b] = [clusters[top], clusters[before]];
    if (!a || !b) break;
    const [sizeA, sizeB] = [a.members.length, b.members.length];
    for (let other = 0; other < count; other++) {
      if (clusters[other] === null || other === top || other === before) continue;
      const joined =
        (sizeA * (distance[top * count + other] ?? 0) + sizeB * (distance[before * count + other] ?? 0)) / (sizeA + sizeB);
      distance[top * count + other] = distance[other * count + top] = joined;
    }
    const [first, second] = a.mean >= b.mean ? [a, b] : [b, a];
    clusters[top] = {
      members: [...first.members, ...second.members],
      mean: (sizeA * a.mean + sizeB * b.mean) / (sizeA + sizeB),
    };
    clusters[before] = null;
    left--;
  }
  return clusters.find((cluster) => cluster !== null)?.members ?? [];
}
