import type { Model } from '../compile/materialize.tf.ts';
import { lengthKey, makeBatch } from '../data/batches.ts';
import type { DataEncoding, EncodedSplit } from '../data/dataset.ts';
import { greedy } from './greedy.ts';
import { defaultLimit } from './limit.ts';
import { ModelTokens, type WatchAt } from './model-tokens.tf.ts';
import type { Hypothesis } from './token-source.ts';

export interface DecodeExamplesOptions {
  readonly encoding: DataEncoding;
  readonly split: EncodedSplit;
  readonly batchSize: number;
  /** Asked between batches; true ends it without a result. */
  readonly cancelled?: (() => boolean) | undefined;
  /** Looks on, and may step in. */
  readonly watchAt?: WatchAt | undefined;
}

/** What the model says of some examples of a split, greedily, by example; `null` when cancelled. */
export async function decodeExamples(
  model: Model,
  examples: readonly number[],
  { encoding, split, batchSize, cancelled, watchAt }: DecodeExamplesOptions,
): Promise<ReadonlyMap<number, Hypothesis> | null> {
  const order = [...examples].sort((a, b) => lengthKey(split, a) - lengthKey(split, b));
  const said = new Map<number, Hypothesis>();
  for (let start = 0; start < order.length; start += batchSize) {
    if (cancelled?.() === true) return null;
    const indices = Uint32Array.from(order.slice(start, start + batchSize));
    const source = new ModelTokens(model, makeBatch(split, indices, encoding.facts.features), watchAt);
    try {
      const hypotheses = await greedy(source, defaultLimit(encoding));
      hypotheses.forEach((hypothesis, row) => {
        said.set(indices[row] ?? 0, hypothesis);
      });
    } finally {
      source.dispose();
    }
  }
  return said;
}
