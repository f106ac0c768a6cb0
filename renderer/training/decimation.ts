import type { GrowingCurve } from './growing-curve.ts';

/**
 * Indices to draw so that a line of any length looks the same on a screen of limited width: the x range is cut into `buckets` and of
 * each the first, lowest, highest and last points stay (the M4 aggregation of Jugel et al., 2014), so no spike is lost.
 *
 * `x` rises; `from` and `to` are the visible range. One point beyond each end is kept so that the line leaves the picture.
 */
export function decimate(
  x: readonly number[],
  curve: GrowingCurve,
  buckets: number,
  from = Number.NEGATIVE_INFINITY,
  to = Number.POSITIVE_INFINITY,
): number[] {
  const start = Math.max(0, lowerBound(x, from) - 1);
  const end = Math.min(x.length, lowerBound(x, to) + 2);
  const count = end - start;
  if (count <= buckets * 4) return Array.from({ length: count }, (_, i) => start + i);
  const low = x[start] ?? 0;
  const width = ((x[end - 1] ?? 0) - low) / buckets || 1;
  const kept: number[] = [];
  for (let i = start; i < end; ) {
    const bucket = Math.min(buckets - 1, Math.floor(((x[i] ?? 0) - low) / width));
    const next = bucket === buckets - 1 ? end : Math.min(end, Math.max(i + 1, lowerBound(x, low + (bucket + 1) * width)));
    const [lowest, highest] = curve.extremes(i, next);
    const chosen = [i, Math.min(lowest, highest), Math.max(lowest, highest), next - 1];
    for (const index of chosen) if (index > (kept.at(-1) ?? -1)) kept.push(index);
    i = next;
  }
  return kept;
}

/** First index whose value is at least `value`. */
export function lowerBound(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
