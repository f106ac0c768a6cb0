/**
 * Losses → their ranks, spread evenly over −½ (lowest) … ½ (highest); equal losses share the mean of their ranks, and a loss that is
 * not a number ranks with the highest. What counts is the order alone, so one outlier cannot decide a step
 * (Wierstra et al. 2014, “Natural Evolution Strategies”, fitness shaping).
 */
export function centeredRanks(losses: ArrayLike<number>): Float32Array {
  const values = Array.from(losses, (loss) => (Number.isNaN(loss) ? Number.POSITIVE_INFINITY : loss));
  const order = values.map((_, i) => i).sort((a, b) => compare(values[a] ?? 0, values[b] ?? 0));
  const ranks = new Float32Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end] ?? 0] === values[order[start] ?? 0]) end++;
    const shared = (start + end - 1) / 2;
    for (let i = start; i < end; i++) ranks[order[i] ?? 0] = values.length > 1 ? shared / (values.length - 1) - 0.5 : 0;
    start = end;
  }
  return ranks;
}

const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
