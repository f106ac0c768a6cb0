import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import type { Plan } from '../compile/plan.ts';
import { lengthKey, makeBatch } from '../data/batches.ts';
import type { EncodedSplit } from '../data/dataset.ts';
import { mostDecoded } from '../data/spread.ts';
import { streamBatches } from '../data/streams.ts';
import { dataBinding } from '../document/data-binding.ts';
import { node, wire } from '../document/fixtures/graph-literals.ts';
import { emptyDocument } from '../document/schema.ts';
import type { Evaluation } from '../protocol/runs.ts';
import { Random } from '../random.ts';
import { judgedBy } from '../training/judged-by.ts';
import { reversalTask } from '../training/reversal-task.test-support.ts';
import { type SyntheticTask, syntheticTask } from '../training/synthetic-task.test-support.ts';
import { baseline } from './baselines.ts';
import { editDistance } from './edit-distance.ts';
import { type EvaluateOptions, evaluate } from './evaluate.tf.ts';

beforeAll(async () => {
  await startJavascript();
});

/** Weights far from zero, so that each example is judged otherwise. */
function modelOf(plan: Plan): Model {
  const parameters = initializeParameters(plan, 4);
  for (const [name, { data }] of parameters) {
    const random = new Random(4, name);
    for (let i = 0; i < data.length; i++) data[i] = random.normal();
  }
  return new Model(plan, parameters);
}

/** What the model says of some examples in one pass. */
const logitsOf = (model: Model, split: EncodedSplit, features: number | null, ...examples: number[]): number[] =>
  tf.tidy(() => {
    const batch = makeBatch(split, Uint32Array.from(examples), features);
    return [...model.forward(toTensors(batch), { dropout: null }).dataSync()];
  });

const nats = (logits: readonly number[], target: number): number =>
  -Math.log(Math.exp(logits[target] ?? Number.NaN) / logits.reduce((sum, x) => sum + Math.exp(x), 0));
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function judge(model: Model, task: SyntheticTask, given: Partial<EvaluateOptions> = {}): Promise<Evaluation> {
  const judged = judgedBy(task.plan, task.data, task.document.training);
  const before = tf.memory().numTensors;
  const found = await evaluate(model, { ...judged, split: 'validation', step: 7, ...given });
  expect(tf.memory().numTensors).toBe(before);
  if (found === null) throw new Error('it was cancelled');
  return found;
}

describe('a whole split', () => {
  it('is judged as each example alone is, whatever the batches', async () => {
    const task = syntheticTask('sequence-classification', {}, 120);
    const split = task.data.splits.train;
    const model = modelOf(task.plan);
    const alone = Array.from({ length: split.count }, (_, i) => logitsOf(model, split, null, i));
    const targets = [...(split.classTargets ?? [])];
    const said = alone.map(([no = 0, yes = 0]) => (yes > no ? 1 : 0));
    for (const batchSize of [17, 100]) {
      const found = await judge(model, task, { split: 'train', batchSize });
      expect(found).toMatchObject({ split: 'train', step: 7, baseline: baseline(task.data, 'train').values });
      expect(found.baselineName).toBe(baseline(task.data, 'train').name);
      expect(found.decoded).toBeUndefined();
      expect(found.values['loss']).toBeCloseTo(mean(alone.map((logits, i) => nats(logits, targets[i] ?? 0))), 5);
      expect(found.values['accuracy']).toBeCloseTo(mean(targets.map((target, i) => (target === said[i] ? 1 : 0))), 12);
      // 24 examples, every fifth, in the order of the split.
      expect(found.examples.map(({ target }) => target[0])).toEqual(
        Array.from({ length: 24 }, (_, i) => (targets[i * 5] === 1 ? 'yes' : 'no')),
      );
      expect(found.examples.map(({ predicted }) => predicted[0])).toEqual(
        Array.from({ length: 24 }, (_, i) => (said[i * 5] === 1 ? 'yes' : 'no')),
      );
      expect(found.examples[3]?.tokens).toHaveLength((split.offsets[16] ?? 0) - (split.offsets[15] ?? 0));
    }
    model.dispose();
  });

  it('runs in batches of 64 at least, each of about equal length', async () => {
    const task = syntheticTask('sequence-classification');
    const split = task.data.splits.train;
    const model = modelOf(task.plan);
    const batches: { rows: number; longest: number; shortest: number }[] = [];
    const forward = model.forward.bind(model);
    model.forward = (input, mode) => {
      expect(mode.dropout).toBeNull();
      batches.push({
        rows: input.rows,
        longest: Math.max(...input.rowLengths),
        shortest: Math.min(...input.rowLengths),
      });
      return forward(input, mode);
    };
    await judge(model, task, { split: 'train', batchSize: 8 });
    expect(batches.map(({ rows }) => rows)).toEqual([64, 64, 64, 48]);
    batches.slice(1).forEach(({ shortest }, i) => {
      expect(shortest).toBeGreaterThanOrEqual(batches[i]?.longest ?? Number.NaN);
    });
    batches.length = 0;
    await judge(model, task, { split: 'train', batchSize: 100 });
    expect(batches.map(({ rows }) => rows)).toEqual([100, 100, 40]);
    batches.length = 0;
    await judge(model, task, { split: 'train', batchSize: 120 });
    expect(batches.map(({ rows }) => rows)).toEqual([120, 120]);
    expect(split.count).toBe(240);
    model.dispose();
  });

  it('of a series keeps its order', async () => {
    const task = syntheticTask('forecasting');
    const split = task.data.splits.validation;
    const model = modelOf(task.plan);
    const found = await judge(model, task);
    // In units of a mean of 10 and a deviation of 2.
    const said = Array.from({ length: split.count }, (_, i) => 10 + 2 * (logitsOf(model, split, 1, i)[0] ?? 0));
    const real = Array.from(split.numberTargets ?? [], (target) => 10 + 2 * target);
    expect(found.series?.map(({ target }) => target)).toEqual(real);
    found.series?.forEach(({ predicted }, i) => {
      expect(predicted).toBeCloseTo(said[i] ?? Number.NaN, 4);
    });
    expect(found.values['mae']).toBeCloseTo(mean(real.map((target, i) => Math.abs(target - (said[i] ?? 0)))), 4);
    model.dispose();
  });

  it('ends without a result when it is cancelled between two batches', async () => {
    const task = syntheticTask('step-tagging');
    const model = modelOf(task.plan);
    const judged = judgedBy(task.plan, task.data, task.document.training);
    const options = { ...judged, split: 'train' as const, step: 0 };
    let asked = 0;
    expect(await evaluate(model, { ...options, cancelled: () => ++asked > 2 })).toBeNull();
    expect(asked).toBe(3);
    expect((await evaluate(model, { ...options, cancelled: () => false }))?.values['accuracy']).toBeGreaterThan(0);
    model.dispose();
  });
});

describe('generated sequences', () => {
  it('are judged by what the model says by itself, on as many as are decoded, evenly spread', async () => {
    const count = mostDecoded + 200;
    const task = reversalTask({ hidden: 5, examples: count, longest: 4 });
    const split = task.data.splits.train;
    const model = modelOf(task.plan);
    const found = await judge(model, task, { split: 'train' });
    expect(found.decoded).toEqual({ method: 'greedy', examples: mostDecoded, of: count });
    expect(found.examples).toHaveLength(24);
    // Of every 7 examples 5 are decoded; of those 500, 24 are shown.
    const decoded = Array.from({ length: mostDecoded }, (_, i) => Math.floor((i * 7) / 5));
    const shown = Array.from({ length: 24 }, (_, i) => decoded[Math.floor((i * 500) / 24)] ?? 0);
    const names = task.data.encoding.classes ?? [];
    const tokensOf = (i: number): string[] =>
      [...(split.targets?.tokens.subarray(split.targets.offsets[i], (split.targets.offsets[i + 1] ?? 1) - 1) ?? [])].map(
        (id) => names[id] ?? '',
      );
    expect(found.examples.map(({ target }) => target)).toEqual(shown.map(tokensOf));
    for (const { predicted, confidence } of found.examples) expect(confidence).toHaveLength(predicted.length);
    model.dispose();
  });

  it('have the edit distance of what was said', async () => {
    const task = reversalTask({ hidden: 5, examples: 40, longest: 4 });
    // As many as are shown: what is said of all of them can be seen.
    const validation: EncodedSplit = { ...task.data.splits.validation, count: 24 };
    const data = { ...task.data, splits: { ...task.data.splits, validation } };
    const model = modelOf(task.plan);
    const found = await judge(model, { ...task, data });
    const edits = found.examples.map(({ target, predicted }) => editDistance(target, predicted));
    const length = found.examples.reduce((sum, { target }) => sum + target.length, 0);
    expect(edits.some((edit) => edit > 0)).toBe(true);
    expect(found.values['token-error-rate']).toBeCloseTo(edits.reduce((sum, edit) => sum + edit, 0) / length, 12);
    expect(found.values['sequence-accuracy']).toBeCloseTo(edits.filter((edit) => edit === 0).length / 24, 12);
    // With true previous tokens: its loss is that of the whole split.
    const { targets } = validation;
    const size = task.data.encoding.classes?.length ?? 0;
    if (!targets) throw new Error('no targets');
    const terms = Array.from({ length: validation.count }, (_, i) => {
      const logits = logitsOf(model, validation, null, i);
      const said = [...targets.tokens.subarray(targets.offsets[i], targets.offsets[i + 1])];
      return said.map((target, u) => nats(logits.slice(u * size, (u + 1) * size), target));
    }).flat();
    expect(found.values['loss']).toBeCloseTo(mean(terms), 4);
    model.dispose();
  });

  it('have no result when decoding is cancelled', async () => {
    const task = reversalTask({ hidden: 5, examples: 12, longest: 3 });
    const model = modelOf(task.plan);
    const judged = judgedBy(task.plan, task.data, task.document.training);
    let asked = 0;
    // 60 examples are one batch, and one decoding.
    expect(await evaluate(model, { ...judged, split: 'validation', step: 0, cancelled: () => ++asked > 1 })).toBeNull();
    expect(asked).toBe(2);
    model.dispose();
  });

  it('are decoded in batches of inputs of about equal length', async () => {
    const task = reversalTask({ hidden: 5, examples: 150, longest: 6 });
    const split = task.data.splits.train;
    const model = modelOf(task.plan);
    const encoded: number[][] = [];
    const values = model.values.bind(model);
    model.values = (input, mode, wanted, given) => {
      // The encoder alone, before anything is said.
      if (wanted && !given) encoded.push([...input.rowLengths]);
      return values(input, mode, wanted, given);
    };
    await judge(model, task, { split: 'train', batchSize: 100 });
    const sorted = Array.from({ length: 150 }, (_, i) => i).sort((a, b) => lengthKey(split, a) - lengthKey(split, b));
    expect(encoded.map(({ length }) => length)).toEqual([100, 50]);
    expect(encoded.flat()).toEqual(sorted.map((i) => (split.offsets[i + 1] ?? 0) - (split.offsets[i] ?? 0)));
    model.dispose();
  });
});

describe('a running text', () => {
  const size = 9;
  const names = ['<pad>', '<unk>', '<bos>', '<eos>', 'a', 'b', 'c', 'd', 'e'];
  const text = (steps: number, chunk: number): EncodedSplit => {
    const random = new Random(5, 'text');
    const tokens = Int32Array.from({ length: steps + 1 }, () => 4 + random.below(5));
    const count = Math.ceil(steps / chunk);
    return {
      count,
      offsets: Uint32Array.from({ length: count + 1 }, (_, i) => Math.min(i * chunk, steps)),
      running: true,
      tokens: tokens.slice(0, steps),
      series: null,
      classTargets: null,
      tagTargets: tokens.slice(1),
      numberTargets: null,
      lines: new Uint32Array(count),
    };
  };

  function textTask(): SyntheticTask {
    const { data, document } = syntheticTask('step-tagging', { batchSize: 3 });
    const graph = {
      ...emptyDocument('text'),
      nodes: [
        node('in', 'token-input'),
        node('embed', 'embedding', { width: 5 }),
        node('cell', 'gru-cell', { hidden: 6 }),
        node('rnn', 'recurrent'),
        node('head', 'dense-softmax'),
      ],
      edges: [
        wire('in.tokens > embed.tokens'),
        wire('embed.sequence > rnn.sequence'),
        wire('cell.cell > rnn.cell'),
        wire('rnn.output > head.input'),
      ],
      data: dataBinding.parse({ source: { kind: 'template', name: 'text' }, task: 'language-model' }),
      training: document.training,
    };
    const facts = { vocabulary: size, classes: size, features: null, targets: null };
    const compiled = compilePlan(graph, facts);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    const encoding = { ...data.encoding, binding: graph.data, facts, vocabulary: names, classes: names };
    const splits = { train: text(40, 5), validation: text(47, 5), test: text(9, 5) };
    return { document: graph, plan: compiled.plan, data: { ...data, encoding, splits } };
  }

  const task = textTask();
  const split = task.data.splits.validation;
  /** The mean loss where each stretch of so many chunks is read in one go. */
  const readIn = (model: Model, stretch: number): number => {
    const tags = split.tagTargets ?? [];
    const terms: number[] = [];
    for (let chunk = 0; chunk < split.count; chunk += stretch) {
      const [from = 0, to = split.offsets[split.count] ?? 0] = [split.offsets[chunk], split.offsets[chunk + stretch]];
      const one = { ...split, count: 1, offsets: Uint32Array.of(from, to) };
      const logits = logitsOf(model, one, null, 0);
      for (let t = from; t < to; t++) {
        terms.push(nats(logits.slice((t - from) * size, (t - from + 1) * size), tags[t] ?? 0));
      }
    }
    return mean(terms);
  };

  it('is judged with states that go on from chunk to chunk where they do in training, and else chunk by chunk', async () => {
    const model = modelOf(task.plan);
    // 10 chunks in 3 streams: of 4, 4 and 2.
    expect(streamBatches(split, 3)).toHaveLength(4);
    const carried = await judge(model, task, { batchSize: 3, carryState: true });
    const fresh = await judge(model, task, { batchSize: 3, carryState: false });
    expect(carried.values['loss']).toBeCloseTo(readIn(model, 4), 5);
    expect(fresh.values['loss']).toBeCloseTo(readIn(model, 1), 5);
    expect(Math.abs(readIn(model, 4) - readIn(model, 1))).toBeGreaterThan(1e-3);
    // Judged twice, it starts afresh.
    expect(await judge(model, task, { batchSize: 3, carryState: true })).toEqual(carried);
    model.dispose();
  });

  it('leaves no state behind when it is cancelled', async () => {
    const model = modelOf(task.plan);
    const judged = judgedBy(task.plan, task.data, task.document.training);
    const before = tf.memory().numTensors;
    let asked = 0;
    const cancelled = (): boolean => ++asked > 2;
    expect(await evaluate(model, { ...judged, carryState: true, split: 'validation', step: 0, cancelled })).toBeNull();
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});
