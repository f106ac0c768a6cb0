import { useEffect, useMemo, useState } from 'react';
import { atOnce, inSlices } from './in-slices.ts';
import type { Matrix } from './matrix.ts';
import { type OrderName, unitOrder } from './unit-order.ts';

/** Differences of numbers that are taken at once; more would hold up a frame. */
const few = 2e6;

/**
 * Units in an order. Of many units and steps it takes longer than a frame to find it: until it is there, the one before stays, so that
 * nothing jumps while a network trains.
 */
export function useUnitOrder(matrix: Matrix | null, order: OrderName, range: Parameters<typeof unitOrder>[2]): readonly number[] {
  const [found, setFound] = useState<readonly number[]>([]);
  const long = matrix !== null && order === 'similarity' && (matrix.rows * matrix.columns ** 2) / 2 > few;
  const now = useMemo(
    () => (matrix === null || long ? null : atOnce(unitOrder(matrix, order, range))),
    [matrix, long, order, range],
  );
  useEffect(() => {
    if (now !== null) setFound(now);
    return matrix === null || now !== null ? undefined : inSlices(unitOrder(matrix, order, range), setFound);
  }, [matrix, now, order, range]);
  const byIndex = useMemo(() => Array.from({ length: matrix?.columns ?? 0 }, (_, unit) => unit), [matrix?.columns]);
  return now ?? (found.length === byIndex.length ? found : byIndex);
}
