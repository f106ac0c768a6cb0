import { Random } from '../random.ts';

/**
 * Groups of `batchSize` examples of about equal length, so that little of a batch is padding (row L4).
 *
 * Examples are shuffled, then sorted by length inside pools of many batches: nearly as little padding as a full sort, while
 * every epoch still mixes examples anew. The order of the batches is shuffled too. Everything follows from `seed` and `epoch`.
 * Without `shuffle` the examples keep their order.
 *
 * @param lengths steps of each example `[N]`, or a number that orders them alike
 */
export function bucketByLength(
  lengths: Float64Array,
  options: { readonly batchSize: number; readonly seed: number; readonly epoch: number; readonly shuffle: boolean },
): Uint32Array[] {
  const { batchSize, seed, epoch, shuffle } = options;
  const order = Uint32Array.from(lengths, (_length, i) => i);
  if (!shuffle) return cut(order, batchSize);
  const random = new Random(seed, `epoch ${epoch}`);
  random.shuffle(order);
  const pool = batchSize * batchesPerPool;
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += pool) {
    const part = order.subarray(start, start + pool);
    // Ties keep their shuffled order: typed array sorts are stable.
    part.sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0));
    batches.push(...cut(part, batchSize));
  }
  return random.shuffle(batches);
}

const batchesPerPool = 50;

function cut(order: Uint32Array, batchSize: number): Uint32Array[] {
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return batches;
}
