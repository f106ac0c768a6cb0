import type { EncodedSplit } from './dataset.ts';

/**
 * Batches of a running text, in order (row L16): its chunks are cut into as many streams as a batch has rows, each stream a stretch
 * of the text, and batch k holds the k-th chunk of every stream. So row b of a batch goes on where row b of the batch before it
 * ended, and a state can be carried from one to the next. The last stream may be shorter: the batches at the end then have fewer
 * rows, always the first ones.
 *
 * @param split whose examples are consecutive chunks of one text
 */
export function streamBatches(split: EncodedSplit, batchSize: number): Uint32Array[] {
  if (split.count === 0) return [];
  const rows = Math.min(batchSize, split.count);
  const perStream = Math.ceil(split.count / rows);
  return Array.from({ length: perStream }, (_unused, k) => {
    const chunks: number[] = [];
    for (let chunk = k; chunk < split.count; chunk += perStream) chunks.push(chunk);
    return Uint32Array.from(chunks);
  });
}
