import * as tf from '@tensorflow/tfjs-core';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import { makeBatch, stepCount } from '../data/batches.ts';
import type { EncodedSplit } from '../data/dataset.ts';
import { streamBatches } from '../data/streams.ts';
import type { SplitName } from '../protocol/data.ts';
import type { Evaluation, ExampleView } from '../protocol/runs.ts';
import { yieldToEvents } from '../training/event-loop.ts';
import { RunningStates } from '../training/running-states.tf.ts';
import { type BaselineData, baseline } from './baselines.ts';
import { exampleView } from './example-view.ts';
import { SplitMetrics, type SplitMetricsOptions } from './split-metrics.ts';

export interface EvaluateOptions extends Omit<SplitMetricsOptions, 'encoding'> {
  readonly data: BaselineData;
  readonly split: SplitName;
  readonly batchSize: number;
  /** Whether a running text's states go on from chunk to chunk, as in training. */
  readonly carryState: boolean;
  /** Updates done, as it appears in the result. */
  readonly step: number;
  /** Asked between batches; true ends the pass without a result. */
  readonly cancelled?: () => boolean;
}

/** How many examples are shown with their predictions: always the same ones, spread over the split. */
const shownExamples = 24;
/** Without gradients a larger batch costs little memory and saves time. */
const smallestBatch = 64;

/** A full pass over one split, dropout off; `null` when cancelled. Other work runs between batches. */
export async function evaluate(model: Model, options: EvaluateOptions): Promise<Evaluation | null> {
  const { data, split: name, step } = options;
  const { encoding } = data;
  const split = data.splits[name];
  const metrics = new SplitMetrics({ ...options, encoding });
  const shown = new Map<number, ExampleView>();
  const wanted = new Set(spread(split.count, shownExamples));
  const batchSize = Math.max(options.batchSize, smallestBatch);
  const running = split.running === true && options.carryState ? new RunningStates() : null;
  for (const indices of running ? streamBatches(split, options.batchSize) : batchesByLength(split, batchSize)) {
    if (options.cancelled?.() === true) {
      running?.reset();
      return null;
    }
    const batch = makeBatch(split, indices, encoding.facts.features);
    running?.begin(batch.rows);
    const mode = { training: false, dropout: null, carried: running ?? undefined };
    const logits = tf.tidy(() => model.forward(toTensors(batch), mode));
    running?.advance();
    const values = await logits.data();
    logits.dispose();
    metrics.add(batch, values).forEach((prediction, row) => {
      const example = indices[row] ?? 0;
      if (wanted.has(example)) shown.set(example, exampleView(encoding, split, example, prediction));
    });
    await yieldToEvents();
  }
  running?.reset();
  const trivial = baseline(data, name);
  return {
    split: name,
    step,
    ...metrics.result(),
    baseline: trivial.values,
    baselineName: trivial.name,
    examples: [...shown].sort(([a], [b]) => a - b).map(([, view]) => view),
  };
}

/** Batches of about equal length; examples of one length keep their order, so a series stays a series. */
function* batchesByLength(split: EncodedSplit, batchSize: number): Generator<Uint32Array> {
  const order = Uint32Array.from({ length: split.count }, (_, i) => i);
  order.sort((a, b) => stepCount(split, a) - stepCount(split, b));
  for (let start = 0; start < order.length; start += batchSize) yield order.slice(start, start + batchSize);
}

const spread = (count: number, wanted: number): number[] =>
  Array.from({ length: Math.min(count, wanted) }, (_, i) => Math.floor((i * count) / Math.min(count, wanted)));
