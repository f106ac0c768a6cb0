import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../backends/javascript.tf.ts';
import { startWasm } from '../backends/wasm.tf.ts';
import { compilePlan } from '../compile/compile-plan.ts';
import { Model } from '../compile/materialize.tf.ts';
import type { TaskKind } from '../document/data-binding.ts';
import { evaluate } from '../metrics/evaluate.tf.ts';
import { failureOf } from '../protocol/failure-of.test-support.ts';
import type { Evaluation, MetricEvent } from '../protocol/runs.ts';
import { type Checkpoint, weightsOf } from '../runs/checkpoint.ts';
import { judgedBy } from './judged-by.ts';
import { MemorySink } from './memory-sink.test-support.ts';
import { reversalTask } from './reversal-task.test-support.ts';
import { type SessionEnd, TrainingSession } from './session.tf.ts';
import { type SyntheticTask, syntheticTask } from './synthetic-task.test-support.ts';

async function train(
  task: SyntheticTask,
  options: { resume?: { checkpoint: Checkpoint; best: MemorySink['bestWeights'] }; pauseAt?: number; stopAt?: number } = {},
): Promise<{ end: SessionEnd; sink: MemorySink; session: TrainingSession }> {
  const sink = new MemorySink();
  const { resume } = options;
  const session = new TrainingSession({
    plan: task.plan,
    data: task.data,
    settings: task.document.training,
    sink,
    ...(resume ? { resume } : {}),
  });
  sink.onMetrics = (event) => {
    if (options.pauseAt !== undefined && event.step >= options.pauseAt) session.pause();
    if (options.stopAt !== undefined && event.step >= options.stopAt) session.stop();
  };
  const end = await session.run();
  session.dispose();
  return { end, sink, session };
}

const last = <T>(items: readonly T[]): T => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('nothing was recorded');
  return item;
};

/** Evaluations that training goes by. */
const validations = (sink: MemorySink): Evaluation[] => sink.evaluations.filter(({ split }) => split !== 'test');

/** Everything of a line but the clock. */
const numbers = ({ step, epoch, split, values, learningRate, gradientNorm }: MetricEvent) => ({
  step,
  epoch,
  split,
  values,
  learningRate,
  gradientNorm,
});

// Where training is quickest; what runs without WebAssembly is trained in “same numbers”, and in processes of their own (`killed-run.test.ts`).
beforeAll(async () => {
  await startWasm();
});

describe('learning', () => {
  it.each<[TaskKind, string]>([
    ['sequence-classification', 'accuracy'],
    ['step-tagging', 'accuracy'],
    ['sequence-regression', 'rmse'],
    ['forecasting', 'rmse'],
  ])('%s beats its baseline', async (kind, metric) => {
    const task = syntheticTask(kind, { epochs: 12, batchSize: 16, learningRate: 0.02 });
    const { end, sink, session } = await train(task);
    expect(end).toBe('done');
    const { state } = session;
    const { headline } = session.facts;
    expect(headline.metric).toBe(metric);
    const value = state.best?.value ?? Number.NaN;
    if (headline.higherIsBetter) expect(value).toBeGreaterThan(headline.baseline + 0.1);
    else expect(value).toBeLessThan(headline.baseline * 0.7);
    const kept = last(validations(sink));
    expect(kept.values[metric]).toBeCloseTo(value, 6);
    expect(kept.examples.length).toBe(24);
  });

  it('judges the kept weights, and no others, on the test split, once', async () => {
    const task = syntheticTask('sequence-regression', { epochs: 40, batchSize: 16, learningRate: 0.1, earlyStoppingPatience: 1 });
    const { sink, session } = await train(task);
    const { best, step } = session.state;
    if (best === null || sink.bestWeights === null) throw new Error('no weights were kept');
    // It stopped because the last weights are worse: they cannot pass for the kept ones.
    expect(best.step).toBeLessThan(step);
    const tested = sink.evaluations.filter(({ split }) => split === 'test');
    expect(tested).toHaveLength(1);
    // The kept ones are shown last, and the run can go on from the last ones.
    const shown = validations(sink).map(({ step: at }) => at);
    expect(shown).toEqual([...Array.from({ length: session.state.epoch }, (_, i) => (i + 1) * 15), best.step]);
    expect(weightsOf(last(sink.checkpoints))).not.toEqual(sink.bestWeights);
    expect(last(sink.checkpoints).state.step).toBe(step);
    const model = new Model(task.plan, sink.bestWeights);
    const judged = judgedBy(task.plan, task.data, task.document.training);
    expect(tested[0]).toEqual(await evaluate(model, { ...judged, split: 'test', step: best.step }));
    model.dispose();
    // A test split of other examples changes nothing of what is learned or kept.
    const { splits } = task.data;
    const other = await train({ ...task, data: { ...task.data, splits: { ...splits, test: splits.train } } });
    expect(other.sink.bestWeights).toEqual(sink.bestWeights);
    expect(other.sink.events.map(numbers)).toEqual(sink.events.map(numbers));
  });
});

it('shows weights that are the best and the last once', async () => {
  const task = syntheticTask('sequence-regression', { epochs: 3, batchSize: 16, learningRate: 0.01 });
  const { sink, session } = await train(task);
  expect(session.state.best?.step).toBe(45);
  expect(validations(sink).map(({ step }) => step)).toEqual([15, 30, 45]);
});

describe('a logged line', () => {
  const withoutDropout = (task: SyntheticTask): SyntheticTask => {
    const nodes = task.document.nodes.map((node) => (node.kind === 'dropout' ? { ...node, params: { rate: 0 } } : node));
    const document = { ...task.document, nodes };
    const compiled = compilePlan(document, task.data.encoding.facts);
    if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
    // Judged on what it trains on.
    const { splits } = task.data;
    const none = { ...splits.validation, count: 0 };
    return { document, plan: compiled.plan, data: { ...task.data, splits: { ...splits, validation: none } } };
  };
  const still = { epochs: 1, optimizer: { kind: 'sgd' }, learningRate: 1e-9 };

  it.each([
    ['sequence-classification', () => syntheticTask('sequence-classification', { ...still, batchSize: 240 })],
    ['step-tagging', () => syntheticTask('step-tagging', { ...still, batchSize: 240 })],
    ['sequence-regression', () => syntheticTask('sequence-regression', { ...still, batchSize: 240, loss: 'rmse' })],
    ['sequence-to-sequence', () => reversalTask({ settings: { ...still, batchSize: 100 }, examples: 100, hidden: 6 })],
  ])('of %s has the figures of an evaluation, where nothing moves', async (_kind, taskOf) => {
    const { sink } = await train(withoutDropout(taskOf()));
    const lines = sink.events.filter(({ epoch, learningRate }) => epoch === 1 && learningRate !== undefined);
    expect(lines).toHaveLength(1);
    const [evaluation] = sink.evaluations;
    expect(evaluation?.split).toBe('train');
    expect(lines[0]?.values['loss']).toBeCloseTo(evaluation?.values['loss'] ?? Number.NaN, 4);
    const accuracy = evaluation?.values['accuracy'];
    if (accuracy === undefined) expect(lines[0]?.values).not.toHaveProperty('accuracy');
    else expect(lines[0]?.values['accuracy']).toBeCloseTo(accuracy, 10);
  });

  it('covers whole rounds of batches in a long run, with the mean of their losses', async () => {
    const short = { ...still, epochs: 1, batchSize: 15 };
    const each = await train(withoutDropout(syntheticTask('sequence-classification', short)));
    const losses = each.sink.events
      .filter(({ learningRate }) => learningRate !== undefined)
      .map(({ values }) => values['loss'] ?? 0);
    expect(losses).toHaveLength(16);
    // Twenty epochs of 16 steps: two lines an epoch.
    const long = await train(withoutDropout(syntheticTask('sequence-classification', { ...short, epochs: 20 })), { stopAt: 16 });
    const lines = long.sink.events.filter(({ learningRate }) => learningRate !== undefined);
    expect(lines.map(({ step }) => step)).toEqual([8, 16]);
    lines.forEach(({ values }, i) => {
      const own = losses.slice(8 * i, 8 * i + 8);
      expect(values['loss']).toBeCloseTo(own.reduce((sum, loss) => sum + loss, 0) / 8, 5);
    });
  });
});

describe('same numbers', () => {
  it.each(['javascript', 'wasm'] as const)('twice on %s', async (backend) => {
    await (backend === 'wasm' ? startWasm() : startJavascript());
    const task = syntheticTask('step-tagging', { epochs: 2, batchSize: 16, classWeights: 'balanced' });
    const [one, two] = [await train(task), await train(task)];
    expect(one.sink.events.map(numbers)).toEqual(two.sink.events.map(numbers));
    expect(last(one.sink.checkpoints).tensors).toEqual(last(two.sink.checkpoints).tensors);
    await startWasm();
  });

  it('another seed gives other numbers', async () => {
    const [one, two] = [1, 2].map((seed) => syntheticTask('sequence-classification', { epochs: 1, seed }));
    if (!one || !two) throw new Error('no task');
    expect(last((await train(one)).sink.events).values).not.toEqual(last((await train(two)).sink.events).values);
  });
});

describe('pausing', () => {
  const settings = {
    epochs: 4,
    batchSize: 16,
    schedule: { kind: 'plateau', patience: 1 },
    warmupSteps: 5,
    checkpointEverySteps: 7,
    optimizer: { kind: 'adam' },
  };

  const task = syntheticTask('sequence-classification', settings);
  let whole: Awaited<ReturnType<typeof train>>;
  beforeAll(async () => {
    whole = await train(task);
  });

  it.each([1, 7, 8, 15, 16, 31])('after step %i and resuming equals going through, bit for bit', async (pauseAt) => {
    const first = await train(task, { pauseAt });
    expect(first.end).toBe('paused');
    const second = await train(task, { resume: { checkpoint: last(first.sink.checkpoints), best: first.sink.bestWeights } });
    expect(second.end).toBe('done');
    expect([...first.sink.events, ...second.sink.events].map(numbers)).toEqual(whole.sink.events.map(numbers));
    const { state, tensors } = last(second.sink.checkpoints);
    const expected = last(whole.sink.checkpoints);
    expect(tensors).toEqual(expected.tensors);
    expect({ ...state, seconds: 0 }).toEqual({ ...expected.state, seconds: 0 });
  });

  it('stopping in the first epoch still validates and keeps weights', async () => {
    const { end, sink } = await train(syntheticTask('sequence-classification', { epochs: 4, batchSize: 16 }), { stopAt: 3 });
    expect(end).toBe('stopped');
    expect(sink.evaluations).toHaveLength(1);
    expect(sink.bestWeights?.size).toBeGreaterThan(0);
    expect(last(sink.checkpoints).state.step).toBe(3);
  });

  it('lets stopping win over pausing, whichever is asked for first', async () => {
    for (const asked of [['pause', 'stop'] as const, ['stop', 'pause'] as const]) {
      const task = syntheticTask('sequence-classification', { epochs: 4, batchSize: 16 });
      const sink = new MemorySink();
      const session = new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink });
      sink.onMetrics = () => {
        for (const what of asked) session[what]();
      };
      expect(await session.run()).toBe('stopped');
      expect(sink.evaluations.map(({ step }) => step)).toEqual([1]);
      session.dispose();
    }
  });

  // The second is the last step of an epoch.
  it.each([17, 30])(
    'stopping after step %i keeps the best weights there are, and does not validate once more',
    async (stopAt) => {
      const { end, sink } = await train(syntheticTask('sequence-classification', { epochs: 4, batchSize: 16 }), { stopAt });
      expect(end).toBe('stopped');
      expect(sink.evaluations.map(({ step }) => step)).toEqual([15]);
      expect(last(sink.checkpoints).state.step).toBe(stopAt);
    },
  );
});

describe('going on', () => {
  it('saves at the end of every epoch, and once more when the best weights were judged', async () => {
    const { sink } = await train(syntheticTask('sequence-classification', { epochs: 3, batchSize: 80 }));
    expect(sink.checkpoints.map(({ state }) => state.step)).toEqual([3, 6, 9, 9]);
    expect(last(sink.checkpoints).tensors).toEqual(sink.checkpoints[2]?.tensors);
  });

  it('validates and saves every few steps inside an epoch, where that is asked for', async () => {
    const settings = { epochs: 2, batchSize: 80, checkpointEverySteps: 2 };
    const { sink } = await train(syntheticTask('sequence-classification', settings));
    expect(sink.checkpoints.map(({ state }) => state.step)).toEqual([2, 3, 4, 6, 6]);
    expect(validations(sink).map(({ step }) => step)).toEqual([2, 3, 4, 6]);
  });

  it('saves no weights that are not numbers, though no example meets them', async () => {
    const task = syntheticTask('sequence-classification', { epochs: 2, batchSize: 80 });
    const { sink } = await train(task, { pauseAt: 1 });
    const checkpoint = last(sink.checkpoints);
    const weights = checkpoint.tensors.get('embedding.weight');
    if (weights === undefined) throw new Error('it has no embedding');
    const data = Float32Array.from(weights.data);
    // Of <bos>, which no text holds.
    data[2 * 6] = Number.NaN;
    const tensors = new Map([...checkpoint.tensors, ['embedding.weight', { ...weights, data }]] as const);
    const { plan, data: prepared, document } = task;
    const after = new MemorySink();
    const resume = { checkpoint: { ...checkpoint, tensors }, best: null };
    const session = new TrainingSession({ plan, data: prepared, settings: document.training, sink: after, resume });
    const failure = await failureOf(session.run());
    session.dispose();
    expect(failure).toMatchObject({
      code: 'loss-not-finite',
      message: expect.stringMatching(/^The weights became not a number at step 3,/),
    });
    expect([after.checkpoints, after.bestWeights]).toEqual([[], null]);
  });

  it('gives other work its turn', async () => {
    let turns = 0;
    const timer = setInterval(() => turns++, 1);
    const begun = performance.now();
    await train(syntheticTask('sequence-classification', { epochs: 10, batchSize: 16 }));
    clearInterval(timer);
    // After 12 ms and the step under way; a tenth of that where the machine is busy.
    expect(turns).toBeGreaterThan((performance.now() - begun) / 400);
  });
});

describe('ending', () => {
  it('stops early when the validation loss does not improve', async () => {
    const task = syntheticTask('sequence-classification', {
      epochs: 50,
      batchSize: 32,
      learningRate: 1e-9,
      earlyStoppingPatience: 2,
    });
    const { end, session } = await train(task);
    expect(end).toBe('done');
    expect(session.state.epoch).toBeLessThan(50);
  });

  // A line a step, and one of several.
  it.each([2, 40])('a diverging loss ends with what to do, and leaves no bad checkpoint, in %i epochs', async (epochs) => {
    const task = syntheticTask('sequence-regression', {
      epochs,
      batchSize: 8,
      optimizer: { kind: 'sgd' },
      learningRate: 100,
      clipNorm: null,
    });
    const sink = new MemorySink();
    const session = new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink });
    const failure = await failureOf(session.run());
    session.dispose();
    expect(failure.code).toBe('loss-not-finite');
    // The last line of the curves is of the step that the message names; the one before it, of the step before.
    const at = last(sink.events);
    expect(failure.message).toContain(`at step ${at.step}, in epoch ${Math.floor(at.epoch) + 1}:`);
    expect(at.values['loss']).not.toSatisfy(Number.isFinite);
    const before = sink.events.filter(({ split }) => split === 'train').slice(0, -1);
    expect(before.length).toBeGreaterThan(0);
    expect(before.every(({ values }) => Number.isFinite(values['loss']))).toBe(true);
    expect(last(before).step).toBe(at.step - 1);
    expect(failure.hint).toContain('Lower the learning rate (it was 100');
    for (const { tensors } of sink.checkpoints) {
      for (const { data } of tensors.values()) expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it('refuses a loss that the head cannot be trained with', () => {
    const task = syntheticTask('sequence-classification', { loss: 'mse' });
    expect(
      () => new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink: new MemorySink() }),
    ).toThrow('is trained with cross entropy');
  });

  it('trains without a validation split', async () => {
    const task = syntheticTask('sequence-classification', { epochs: 1 });
    const empty = { ...task.data.splits.validation, count: 0, offsets: new Uint32Array(1) };
    const data = { ...task.data, splits: { ...task.data.splits, validation: empty } };
    const { end, sink } = await train({ ...task, data });
    expect(end).toBe('done');
    expect(last(validations(sink)).split).toBe('train');
  });
});

it('keeps the number of tensors flat over 1,000 steps', async () => {
  const task = syntheticTask('step-tagging', { epochs: 67, batchSize: 16 });
  const sink = new MemorySink();
  const before = tf.memory().numTensors;
  const session = new TrainingSession({ plan: task.plan, data: task.data, settings: task.document.training, sink });
  expect(session.facts.totalSteps).toBeGreaterThanOrEqual(1000);
  const counts: number[] = [];
  sink.onMetrics = (event) => {
    if (event.split === 'validation') counts.push(tf.memory().numTensors);
  };
  await session.run();
  expect(new Set(counts).size).toBe(1);
  session.dispose();
  expect(tf.memory().numTensors).toBe(before);
});

it('reports progress with time left, at most ten times a second', async () => {
  const { sink } = await train(syntheticTask('sequence-classification', { epochs: 5 }));
  const seconds = last(sink.reports).seconds;
  expect(sink.reports.length).toBeLessThanOrEqual(10 * seconds + 5 + 2);
  expect(last(sink.reports)).toMatchObject({ epoch: 5, step: 40, totalSteps: 40, secondsLeft: 0 });
  expect(last(sink.reports).tokensPerSecond).toBeGreaterThan(0);
});
