import { epochBatches, makeBatch } from '../batches.ts';
import type { Batch, EncodedSplit } from '../dataset.ts';

/** Which batches, in which order: everything follows from these, so a run that resumes gets the same ones. */
export interface BatchPlan {
  readonly split: EncodedSplit;
  /** F of a numeric step; `null` for tokens. */
  readonly features: number | null;
  readonly batchSize: number;
  readonly seed: number;
  readonly epochs: number;
  /** The first batch to give. */
  readonly from: { readonly epoch: number; readonly batch: number };
}

/** Batches of a run, one after the other, over the borders of epochs. */
export interface BatchSource {
  /**
   * The next batch; its arrays hold until the next call.
   *
   * @throws Error when there is none left, or what went wrong in making it
   */
  next(): Batch | Promise<Batch>;
  close(): Promise<void>;
}

/** Every batch of the plan in order. */
export function* batchesOf({ split, features, batchSize, seed, epochs, from }: BatchPlan): Generator<Batch, void, undefined> {
  for (let epoch = from.epoch; epoch < epochs; epoch++) {
    const batches = epochBatches(split, { batchSize, seed, epoch, shuffle: true });
    for (const indices of epoch === from.epoch ? batches.slice(from.batch) : batches) yield makeBatch(split, indices, features);
  }
}

/** Makes each batch when it is asked for. */
export function batchesOnDemand(plan: BatchPlan): BatchSource {
  const batches = batchesOf(plan);
  return {
    next() {
      const { value } = batches.next();
      if (value === undefined) throw new Error('the run has no batch left');
      return value;
    },
    close: async () => undefined,
  };
}
