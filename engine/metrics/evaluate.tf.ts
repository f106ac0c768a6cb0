import * as tf from '@tensorflow/tfjs-core';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import { RunningStates } from '../compile/running-states.tf.ts';
import { lengthKey, makeBatch, targetTokens } from '../data/batches.ts';
import type { EncodedSplit } from '../data/dataset.ts';
import { mostDecoded, shownExamples, spread } from '../data/spread.ts';
import { streamBatches } from '../data/streams.ts';
import { decodeExamples } from '../decode/decode-examples.tf.ts';
import type { WatchAt } from '../decode/model-tokens.tf.ts';
import type { SplitName } from '../document/split-names.ts';
import { yieldToEvents } from '../event-loop.ts';
import type { Evaluation, ExampleView } from '../protocol/runs.ts';
import { type BaselineData, baseline } from './baselines.ts';
import { exampleView } from './example-view.ts';
import { SplitMetrics, type SplitMetricsOptions } from './split-metrics.ts';
import { TokenErrors } from './token-errors.ts';

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
  /** At most so many examples: evenly spread, of a running text its beginning. Absent: all. */
  readonly most?: number;
  /** Told between batches how many examples were read. */
  readonly onProgress?: (done: number) => void;
  /** Looks on, and may step in. */
  readonly watchAt?: WatchAt;
}

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
  const most = Math.min(options.most ?? split.count, split.count);
  let done = 0;
  for (const indices of running
    ? streamBatches(split, options.batchSize)
    : batchesByLength(split, spread(split.count, most), batchSize)) {
    if (done >= most) break;
    if (options.cancelled?.() === true) {
      running?.reset();
      return null;
    }
    const batch = makeBatch(split, indices, encoding.facts.features);
    running?.begin(batch.rows);
    const mode = { dropout: null, carried: running ?? undefined, watch: options.watchAt?.(0) };
    const logits = tf.tidy(() => model.forward(toTensors(batch), mode));
    running?.advance();
    const values = await logits.data();
    logits.dispose();
    metrics.add(batch, values).forEach((prediction, row) => {
      const example = indices[row] ?? 0;
      if (!split.targets && wanted.has(example)) shown.set(example, exampleView(encoding, split, example, prediction));
    });
    done += indices.length;
    options.onProgress?.(done);
    await yieldToEvents();
  }
  running?.reset();
  const decoding = split.targets ? await decode(model, options) : undefined;
  if (decoding === null) return null;
  const trivial = baseline(data, name);
  const result = metrics.result();
  return {
    split: name,
    step,
    ...result,
    values: { ...decoding?.values, ...result.values },
    ...(decoding ? { decoded: decoding.decoded } : {}),
    baseline: trivial.values,
    baselineName: trivial.name,
    examples: decoding?.examples ?? [...shown].sort(([a], [b]) => a - b).map(([, view]) => view),
  };
}

/** What the model says by itself, without the true previous tokens: its errors, and examples; `null` when cancelled. */
async function decode(
  model: Model,
  { data, split: name, batchSize, cancelled, most = mostDecoded, watchAt }: EvaluateOptions,
): Promise<Pick<Evaluation, 'values' | 'decoded' | 'examples'> | null> {
  const { encoding } = data;
  const split = data.splits[name];
  const judged = spread(split.count, Math.min(most, mostDecoded));
  const size = Math.max(batchSize, smallestBatch);
  const said = await decodeExamples(model, judged, { encoding, split, batchSize: size, cancelled, watchAt });
  if (said === null) return null;
  const errors = new TokenErrors(encoding);
  for (const example of judged) errors.add(targetTokens(split, example), said.get(example)?.tokens ?? []);
  const examples = spread(judged.length, shownExamples).map((at) => {
    const example = judged[at] ?? 0;
    const { tokens = [], probabilities = [] } = said.get(example) ?? {};
    return exampleView(encoding, split, example, { ids: tokens, confidence: probabilities, numbers: [] });
  });
  return { values: errors.values(), decoded: { method: 'greedy', examples: judged.length, of: split.count }, examples };
}

/** Batches of about equal length; examples of one length keep their order, so a series stays a series. */
function* batchesByLength(split: EncodedSplit, examples: readonly number[], batchSize: number): Generator<Uint32Array> {
  const order = Uint32Array.from(examples);
  order.sort((a, b) => lengthKey(split, a) - lengthKey(split, b));
  for (let start = 0; start < order.length; start += batchSize) yield order.slice(start, start + batchSize);
}
