/** Counts in bins of equal, whole width; `edges` has one entry more than `counts`, bin i is `edges[i] ≤ x < edges[i + 1]`. */
export interface Histogram {
  readonly edges: number[];
  readonly counts: number[];
}

/** Histogram of whole numbers ≥ 0, in at most `bins` bins. */
export function histogram(values: Uint32Array, bins = 24): Histogram {
  if (values.length === 0) return { edges: [], counts: [] };
  let low = Number.POSITIVE_INFINITY;
  let high = 0;
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const width = Math.max(1, Math.ceil((high - low + 1) / bins));
  const used = Math.ceil((high - low + 1) / width);
  const counts = new Array<number>(used).fill(0);
  for (const value of values) {
    const bin = Math.floor((value - low) / width);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  return { edges: Array.from({ length: used + 1 }, (_unused, i) => low + i * width), counts };
}
