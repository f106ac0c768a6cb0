import { Random } from '../random.ts';

/**
 * Groups of `batchSize` examples of about equal length, so that little of a batch is padding (row L4).
 *
 * Examples are shuffled, then sorted by length inside pools of many batches: nearly as little padding as a full sort, while
 * every epoch still mixes examples anew. The batches' order is random, but of any `batchesPerRound` in a row each is from another
 * stratum of length: long examples lose more than short ones, and a run of one length would show as a spike of the loss and pull
 * the weights its way. Everything follows from `seed` and `epoch`. Without `shuffle` the examples keep their order.
 *
 * @param lengths steps of each example `[N]`, or a number that orders them alike
 */
export function bucketByLength(
  lengths: Float64Array,
  options: { readonly batchSize: number; readonly seed: number; readonly epoch: number; readonly shuffle: boolean },
): Uint32Array[] {
  const { batchSize, seed, epoch, shuffle } = options;
  // Filled in a loop: from() first makes a list of all numbers, many times as large.
  const order = new Uint32Array(lengths.length);
  for (let i = 0; i < order.length; i++) order[i] = i;
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
  return spread(random.shuffle(batches), lengths, random);
}

/** Batches in a row that together hold short and long examples alike. */
export const batchesPerRound = 8;

const batchesPerPool = 50;

function cut(order: Uint32Array, batchSize: number): Uint32Array[] {
  const batches: Uint32Array[] = [];
  for (let start = 0; start < order.length; start += batchSize) batches.push(order.slice(start, start + batchSize));
  return batches;
}

/**
 * Sorted by mean length and cut into strata of equal size; each stratum's batches are then dealt over the epoch at even distances,
 * give or take, in random order. A stable sort keeps the shuffled order among batches of one length.
 */
function spread(batches: readonly Uint32Array[], lengths: Float64Array, random: Random): Uint32Array[] {
  const meanLength = (batch: Uint32Array): number => batch.reduce((sum, i) => sum + (lengths[i] ?? 0), 0) / batch.length;
  const sorted = batches.map((batch) => ({ batch, length: meanLength(batch) })).sort((a, b) => a.length - b.length);
  const placed: { readonly batch: Uint32Array; readonly place: number }[] = [];
  for (let stratum = 0; stratum < batchesPerRound; stratum++) {
    const bound = (part: number): number => Math.floor((part * sorted.length) / batchesPerRound);
    const part = random.shuffle(sorted.slice(bound(stratum), bound(stratum + 1)));
    part.forEach(({ batch }, i) => {
      placed.push({ batch, place: (i + random.uniform()) / part.length });
    });
  }
  return placed.sort((a, b) => a.place - b.place).map(({ batch }) => batch);
}
