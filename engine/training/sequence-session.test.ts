import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { startWasm } from '../backends/wasm.tf.ts';
import { initializeParameters } from '../compile/initialize.ts';
import { Model, toTensors } from '../compile/materialize.tf.ts';
import { epochBatches, makeBatch } from '../data/batches.ts';
import { type Batch, specialTokens } from '../data/dataset.ts';
import { targetWeights } from '../data/target-weights.ts';
import { Random } from '../random.ts';
import type { Checkpoint } from '../runs/checkpoint.ts';
import { batchLoss } from './losses.tf.ts';
import { MemorySink } from './memory-sink.test-support.ts';
import { reversalTask } from './reversal-task.test-support.ts';
import { withOwnTokens } from './scheduled-sampling.tf.ts';
import { TrainingSession } from './session.tf.ts';
import type { SyntheticTask } from './synthetic-task.test-support.ts';
import { TrainStep } from './train-step.tf.ts';

async function train(
  { plan, data, document }: SyntheticTask,
  options: { resume?: { checkpoint: Checkpoint; best: MemorySink['bestWeights'] }; pauseAt?: number } = {},
): Promise<{ sink: MemorySink; session: TrainingSession }> {
  const sink = new MemorySink();
  const { resume, pauseAt } = options;
  const session = new TrainingSession({ plan, data, settings: document.training, sink, ...(resume ? { resume } : {}) });
  sink.onMetrics = ({ step }) => {
    if (pauseAt !== undefined && step >= pauseAt) session.pause();
  };
  await session.run();
  session.dispose();
  return { sink, session };
}

const lastCheckpoint = ({ checkpoints }: MemorySink): Checkpoint => {
  const checkpoint = checkpoints.at(-1);
  if (!checkpoint) throw new Error('no checkpoint');
  return checkpoint;
};

describe('learning to say a word backwards', () => {
  it('comes to no mistake, with scheduled sampling', async () => {
    await startWasm();
    const task = reversalTask({
      settings: { epochs: 14, batchSize: 16, learningRate: 0.015, scheduledSampling: 0.25, schedule: { kind: 'cosine' } },
      examples: 600,
      longest: 4,
    });
    const { sink, session } = await train(task);
    expect(session.facts.headline).toMatchObject({ metric: 'token-error-rate', higherIsBetter: false });
    expect(session.facts.headline.baseline).toBeGreaterThan(0.5);
    const judged = sink.evaluations.at(-1);
    expect(judged?.values).toMatchObject({ 'token-error-rate': 0, 'sequence-accuracy': 1 });
    expect(judged?.decoded).toEqual({ method: 'greedy', examples: 60, of: 60 });
    for (const { predicted, target, tokens } of judged?.examples ?? []) {
      expect(predicted).toEqual(target);
      expect(predicted).toEqual(tokens?.map((token) => token.toUpperCase()).reverse());
    }
    expect(judged?.classes).toEqual([]);
    expect(judged?.confusion).toBeNull();
  });
});

describe('on the JavaScript backend', () => {
  const task = reversalTask({
    settings: { epochs: 3, batchSize: 16, scheduledSampling: 0.8, checkpointEverySteps: 5 },
    examples: 96,
    hidden: 8,
  });
  let whole: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    await startJavascript();
    whole = await train(task);
  });

  it.each([1, 6, 14])('pausing after step %i with scheduled sampling and resuming equals going through', async (pauseAt) => {
    const first = await train(task, { pauseAt });
    expect(lastCheckpoint(first.sink).state.step).toBeLessThan(lastCheckpoint(whole.sink).state.step);
    const second = await train(task, { resume: { checkpoint: lastCheckpoint(first.sink), best: first.sink.bestWeights } });
    const [one, two] = [lastCheckpoint(second.sink), lastCheckpoint(whole.sink)];
    expect({ ...one.state, seconds: 0 }).toEqual({ ...two.state, seconds: 0 });
    expect(one.tensors).toEqual(two.tensors);
  });

  it('keeps the number of tensors flat, validation and its decoding included', async () => {
    const task = reversalTask({ settings: { epochs: 6, batchSize: 16, scheduledSampling: 0.5 }, examples: 96, hidden: 6 });
    const sink = new MemorySink();
    const { plan, data, document } = task;
    const session = new TrainingSession({ plan, data, settings: document.training, sink });
    const counts: number[] = [];
    sink.onMetrics = ({ split }) => {
      if (split !== 'train') counts.push(tf.memory().numTensors);
    };
    await session.run();
    session.dispose();
    expect(counts.length).toBeGreaterThanOrEqual(6);
    expect(new Set(counts.slice(1)).size).toBe(1);
  });

  it('counts real target steps only: the input’s length and padding say nothing', () => {
    const task = reversalTask({ examples: 12, hidden: 6 });
    const model = new Model(task.plan, initializeParameters(task.plan, 3));
    const { train: split } = task.data.splits;
    const batch = makeBatch(split, Uint32Array.from([0, 1, 2, 3, 4]), null);
    const target = batch.target;
    if (!target) throw new Error('no target');
    const steps = target.steps + 3;
    const longer = (ids: Int32Array, fill: number): Int32Array => {
      const out = new Int32Array(steps * batch.rows).fill(fill);
      out.set(ids);
      return out;
    };
    // What stands at padding is not what stood there: it must not matter.
    const loose: Batch = {
      ...batch,
      target: { ...target, steps, inputs: longer(target.inputs, 7) },
      tagTargets: longer(batch.tagTargets ?? new Int32Array(), 5),
    };
    const loss = (given: Batch): number =>
      tf.tidy(() => {
        const logits = model.forward(toTensors(given), { dropout: null });
        return batchLoss('cross-entropy', logits, given, 'mean', null).dataSync()[0] ?? Number.NaN;
      });
    expect(loss(loose)).toBeCloseTo(loss(batch), 6);
    const real = target.lengths.reduce((sum, length) => sum + length, 0);
    expect(targetWeights(loose, 'mean', null).filter((weight) => weight > 0)).toHaveLength(real);
    const step = (given: Batch): number[] => {
      const own = new Model(task.plan, initializeParameters(task.plan, 3));
      const trainer = new TrainStep(own, 'cross-entropy', task.document.training, null);
      const figures = trainer.run(given, 0.01, new Random(1));
      const read = [...figures.dataSync()];
      tf.dispose(figures);
      trainer.optimizer.dispose();
      own.dispose();
      return read;
    };
    step(batch).forEach((figure, at) => {
      expect(figure).toBeCloseTo(step(loose)[at] ?? Number.NaN, 5);
    });
    model.dispose();
  });

  it('mixes in what the model itself says after the true tokens', () => {
    const task = reversalTask({ examples: 40, hidden: 6 });
    const model = new Model(task.plan, initializeParameters(task.plan, 3));
    const batch = makeBatch(
      task.data.splits.train,
      Uint32Array.from({ length: 40 }, (_, i) => i),
      null,
    );
    const { target } = batch;
    if (!target) throw new Error('no target');
    tf.tidy(() => {
      const input = toTensors(batch);
      const logits = model.forward(input, { dropout: null }).arraySync() as number[][][];
      const mixed = (share: number): number[][] => {
        const tokens = withOwnTokens(model, input, share, new Random(2)).target?.tokens;
        return (tokens?.arraySync() ?? []) as number[][];
      };
      let [real, replaced] = [0, 0];
      const [all, half] = [mixed(1), mixed(0.5)];
      for (let u = 0; u < target.steps; u++) {
        for (let b = 0; b < batch.rows; b++) {
          const taught = target.inputs[u * batch.rows + b];
          if (u === 0 || u >= (target.lengths[b] ?? 0)) {
            expect(all[u]?.[b]).toBe(u === 0 ? specialTokens.begin : taught);
            continue;
          }
          const scores =
            logits[u - 1]?.[b]?.map((score, id) => (id < specialTokens.end ? Number.NEGATIVE_INFINITY : score)) ?? [];
          const own = scores.indexOf(Math.max(...scores));
          expect(all[u]?.[b]).toBe(own);
          expect([taught, own]).toContain(half[u]?.[b]);
          if (own === taught) continue;
          real += 1;
          replaced += half[u]?.[b] === own ? 1 : 0;
        }
      }
      expect(real).toBeGreaterThan(60);
      expect(Math.abs(replaced / real - 0.5)).toBeLessThan(0.2);
    });
    model.dispose();
  });

  it('batches inputs of about equal length, and targets of about equal length among them', () => {
    const task = reversalTask({ examples: 300 });
    const { train: split } = task.data.splits;
    const batches = epochBatches(split, { batchSize: 10, seed: 1, epoch: 0, shuffle: true });
    const waste = batches
      .map((indices) => makeBatch(split, indices, null))
      .map(({ target }) => 1 - (target?.lengths.reduce((a, b) => a + b, 0) ?? 0) / ((target?.steps ?? 1) * 10));
    expect(waste.reduce((a, b) => a + b, 0) / waste.length).toBeLessThan(0.1);
  });
});
