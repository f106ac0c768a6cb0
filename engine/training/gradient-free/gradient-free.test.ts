import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startWasm } from '../../backends/wasm.tf.ts';
import { compilePlan } from '../../compile/compile-plan.ts';
import { Random } from '../../random.ts';
import type { Checkpoint } from '../../runs/checkpoint.ts';
import { MemorySink } from '../memory-sink.test-support.ts';
import { reversalTask } from '../reversal-task.test-support.ts';
import { TrainingSession } from '../session.tf.ts';
import { type SyntheticTask, syntheticTask } from '../synthetic-task.test-support.ts';
import { centeredRanks } from './centered-ranks.ts';
import { populationFigures } from './population-figures.ts';
import { fly, initialSwarm, spreadOf } from './swarm.ts';

beforeAll(async () => {
  await startWasm();
});

const methods = [
  {
    title: 'evolution strategy',
    optimizer: { kind: 'evolution-strategy', population: 16, sigma: 0.1, sigmaDecay: 0.99 },
    spread: 'sigma',
  },
  { title: 'particle swarm', optimizer: { kind: 'particle-swarm', particles: 12, spread: 0.5 }, spread: 'swarm-spread' },
] as const;

async function train(
  task: SyntheticTask,
  pauseAt?: number,
  resume?: { checkpoint: Checkpoint; best: MemorySink['bestWeights'] },
): Promise<{ sink: MemorySink; session: TrainingSession }> {
  const sink = new MemorySink();
  const { plan, data, document } = task;
  const session = new TrainingSession({ plan, data, settings: document.training, sink, ...(resume ? { resume } : {}) });
  sink.onMetrics = (event) => {
    if (pauseAt !== undefined && event.step >= pauseAt) session.pause();
  };
  await session.run();
  session.dispose();
  return { sink, session };
}

const last = <T>(items: readonly T[]): T => {
  const item = items.at(-1);
  if (item === undefined) throw new Error('nothing was recorded');
  return item;
};

describe.each(methods)('$title', ({ optimizer, spread }) => {
  it('logs what its candidates did, in order', async () => {
    const task = syntheticTask('sequence-classification', { epochs: 1, batchSize: 60, optimizer }, 120);
    const { sink } = await train(task);
    const lines = sink.events.filter(({ split }) => split === 'train');
    expect(lines).toHaveLength(2);
    for (const { values, learningRate, gradientNorm } of lines) {
      const { 'population-best': best = 9, 'population-mean': mean = 9, 'population-worst': worst = 0 } = values;
      expect(best).toBeLessThan(mean);
      expect(mean).toBeLessThan(worst);
      expect(values[spread]).toBeGreaterThan(0);
      expect(learningRate === undefined).toBe(optimizer.kind === 'particle-swarm');
      expect(gradientNorm === undefined).toBe(optimizer.kind === 'particle-swarm');
    }
  });

  it.each([1, 3, 4])('paused after step %i and resumed equals going through, bit for bit', async (pauseAt) => {
    const task = syntheticTask('step-tagging', { epochs: 2, batchSize: 40, optimizer }, 120);
    const whole = await train(task);
    const first = await train(task, pauseAt);
    const checkpoint = last(first.sink.checkpoints);
    expect(checkpoint.state.step).toBe(pauseAt);
    const second = await train(task, undefined, { checkpoint, best: first.sink.bestWeights });
    const [reached, expected] = [last(second.sink.checkpoints), last(whole.sink.checkpoints)];
    expect(reached.tensors).toEqual(expected.tensors);
    expect({ ...reached.state, seconds: 0 }).toEqual({ ...expected.state, seconds: 0 });
  });

  it('trains a decoder that reads some of its own tokens, and leaves no tensor behind', async () => {
    const task = reversalTask({
      settings: { epochs: 1, batchSize: 16, scheduledSampling: 0.5, optimizer },
      examples: 64,
      hidden: 4,
    });
    const before = tf.memory().numTensors;
    const { sink } = await train(task);
    expect(tf.memory().numTensors).toBe(before);
    const losses = sink.events.map(({ values }) => values['loss'] ?? Number.NaN);
    expect(losses.every(Number.isFinite)).toBe(true);
  });
});

describe('a network that is too large', () => {
  it.each([
    ['evolution-strategy', 80, 'an evolution strategy trains up to 20,000 weights'],
    ['particle-swarm', 24, 'a particle swarm trains up to 2,000 weights'],
  ])('is refused by %s with its size and the limit', (kind, hidden, expected) => {
    const { document, data } = syntheticTask('sequence-classification', { optimizer: { kind } });
    const grown = (size: number) => ({
      ...document,
      nodes: document.nodes.map((node) => (node.kind === 'gru-cell' ? { ...node, params: { hidden: size } } : node)),
    });
    expect(compilePlan(grown(8), data.encoding.facts).ok).toBe(true);
    const refused = compilePlan(grown(hidden), data.encoding.facts);
    if (refused.ok) throw new Error('it was taken');
    const [problem] = refused.problems;
    expect(problem?.message).toContain(expected);
    // GRU of width 6 → H: 3 (6 H + H² + 2 H); embedding 10 × 6; head 2 H + 2.
    const weights = 3 * (6 * hidden + hidden ** 2 + 2 * hidden) + 60 + 2 * hidden + 2;
    expect(problem?.message).toContain(`this network has ${weights.toLocaleString('en')}:`);
    expect(problem?.fix).toContain('Adam');
  });
});

it('ranks losses from -½ to ½; equal ones share their place, and what is not a number is the worst', () => {
  expect([...centeredRanks([3, 1, 2])]).toEqual([0.5, -0.5, 0]);
  expect([...centeredRanks([1, 1, 5])]).toEqual([-0.25, -0.25, 0.5]);
  expect([...centeredRanks([Number.NaN, 1, 2])]).toEqual([0.5, -0.5, 0]);
});

it('leaves losses that are not numbers out of the figures', () => {
  expect(populationFigures([1, Number.POSITIVE_INFINITY, 3, Number.NaN])).toEqual([1, 2, 3]);
});

it('lets a swarm that agrees come to rest, and one that does not fly on', () => {
  const settings = { kind: 'particle-swarm', particles: 3, inertia: 0.7, cognitive: 1.5, social: 1.5, spread: 1 } as const;
  const start = Float32Array.of(1, -2);
  const swarm = initialSwarm(start, settings, new Random(1));
  expect(swarm.positions.subarray(0, 2)).toEqual(start);
  const wide = spreadOf(swarm.positions, 3);
  expect(wide).toBeGreaterThan(0.1);
  const agreed = { ...swarm, bests: Float32Array.of(1, -2, 1, -2, 1, -2) };
  for (let step = 0; step < 60; step++) fly(agreed, start, settings, new Random(step));
  expect(spreadOf(agreed.positions, 3)).toBeLessThan(wide / 100);
  // The first particle stood there from the beginning.
  expect(agreed.positions.subarray(0, 2)).toEqual(start);
});
