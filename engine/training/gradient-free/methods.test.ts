import '../../backends/gradients.tf.ts';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { startJavascript } from '../../backends/javascript.tf.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { makeBatch } from '../../data/batches.ts';
import { optimizerSettings } from '../../document/training-settings.ts';
import type { CarriedStates } from '../../layers/builder.tf.ts';
import { Random } from '../../random.ts';
import { assignFlat, readFlat } from '../flat-weights.tf.ts';
import { batchLoss } from '../losses.tf.ts';
import { syntheticTask } from '../synthetic-task.test-support.ts';
import { trainedParameters } from '../train-step.tf.ts';
import { centeredRanks } from './centered-ranks.ts';
import { createUpdateStep } from './create-step.tf.ts';
import { gradientRule } from './gradient-rule.ts';
import { populationFigures } from './population-figures.ts';
import { fly, initialSwarm, spreadOf } from './swarm.ts';

beforeAll(async () => {
  await startJavascript();
});

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function open(optimizer: Record<string, unknown>) {
  const task = syntheticTask('sequence-classification', { optimizer, seed: 6, clipNorm: 1, learningRate: 0.1 });
  const parameters = initializeParameters(task.plan, 3);
  const model = new Model(task.plan, parameters);
  const trained = trainedParameters(model);
  const batch = makeBatch(
    task.data.splits.train,
    Uint32Array.from({ length: 24 }, (_, i) => i),
    null,
  );
  const probe = new Model(task.plan, parameters);
  /** Loss of some weights, under the dropout masks that a generator in this state draws. */
  const lossOf = (weights: Float32Array, chance: readonly number[]): number => {
    assignFlat(trainedParameters(probe), weights);
    return tf.tidy(() => {
      const mode = { dropout: Random.fromState(chance) };
      return batchLoss('cross-entropy', probe.forward(toTensors(batch), mode), batch, 'mean', null).dataSync()[0] ?? Number.NaN;
    });
  };
  const step = createUpdateStep(model, 'cross-entropy', task.document.training, null);
  const run = async (chance: Random, carried?: CarriedStates): Promise<number[]> => {
    const figures = await step.run(batch, 0.1, chance, carried);
    const read = [...figures.dataSync()];
    figures.dispose();
    return read;
  };
  const dispose = (): void => {
    step.optimizer.dispose();
    model.dispose();
    probe.dispose();
  };
  return { trained, lossOf, step, run, dispose };
}

describe('evolution strategy', () => {
  it('follows g = 1 / (n σ) Σ (u(θ + σ ε) - u(θ - σ ε)) ε, as the paper writes it', async () => {
    const before = tf.memory().numTensors;
    const { trained, lossOf, step, run, dispose } = open({
      kind: 'evolution-strategy',
      population: 6,
      sigma: 0.2,
      sigmaDecay: 0.9,
    });
    expect(step.descends).toBe(true);
    const chance = new Random(9);
    for (const update of [0, 1]) {
      const theta = await readFlat(trained);
      const sigma = 0.2 * 0.9 ** update;
      const random = new Random(6, `evolution.${update}`);
      const noise = [0, 1, 2].map(() => Array.from(theta, () => random.normal()));
      const state = [...chance.state];
      const losses = noise.flatMap((epsilon) =>
        [1, -1].map((sign) =>
          lossOf(
            theta.map((weight, i) => weight + sign * sigma * (epsilon[i] ?? 0)),
            state,
          ),
        ),
      );
      // No two are equal: a rank is how many are below, over 5, less a half.
      const ranks = losses.map((loss) => losses.filter((other) => other < loss).length / 5 - 0.5);
      const gradient = Array.from(theta, (_, i) =>
        noise.reduce((sum, epsilon, pair) => sum + ((ranks[2 * pair] ?? 0) - (ranks[2 * pair + 1] ?? 0)) * (epsilon[i] ?? 0), 0),
      ).map((sum) => sum / (6 * sigma));
      const [loss, correct, norm, best, average, worst, spread] = await run(chance);
      expect(loss).toBeCloseTo(lossOf(theta, state), 5);
      expect(correct).toBeGreaterThan(0);
      expect(norm).toBeCloseTo(Math.hypot(...gradient), 3);
      expect(best).toBeCloseTo(Math.min(...losses), 5);
      expect(average).toBeCloseTo(mean(losses), 5);
      expect(worst).toBeCloseTo(Math.max(...losses), 5);
      expect(spread).toBeCloseTo(sigma, 6);
      // Masks are drawn for the next step.
      expect([...chance.state]).not.toEqual(state);
      if (update > 0) continue;
      // Adam's first step goes by the rate in each direction.
      const after = await readFlat(trained);
      gradient.forEach((value, i) => {
        if (Math.abs(value) > 1e-3) expect((after[i] ?? 0) - (theta[i] ?? 0)).toBeCloseTo(-0.1 * Math.sign(value), 3);
      });
    }
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('particle swarm', () => {
  const settings = { kind: 'particle-swarm', particles: 3, inertia: 0.5, cognitive: 1.5, social: 0.75, spread: 0.25 } as const;

  it('begins with one particle at the weights and the others round them, all at rest', () => {
    const random = new Random(2);
    const drawn = new Random(2);
    const start = Float32Array.of(1, -2, 3);
    const { positions, velocities, bests } = initialSwarm(start, settings, random);
    expect([...positions.subarray(0, 3)]).toEqual([1, -2, 3]);
    positions.subarray(3).forEach((position, i) => {
      expect(position).toBeCloseTo((start[i % 3] ?? 0) + 0.25 * drawn.normal(), 6);
    });
    expect([...velocities]).toEqual(new Array(9).fill(0));
    expect(bests).toEqual(positions);
    expect(bests).not.toBe(positions);
  });

  it('flies by v = w v + c₁ r₁ (own best - x) + c₂ r₂ (leader - x)', () => {
    const drawn = [0.5, 0.25, 0.75, 1, 0, 0.125, 0.25, 0.5];
    const random = new Random(1);
    let next = 0;
    random.uniform = () => drawn[next++] ?? Number.NaN;
    const swarm = {
      positions: Float32Array.of(1, 2, 3, 4),
      velocities: Float32Array.of(0.5, -0.5, 1, 0),
      bests: Float32Array.of(2, 2, 1, 8),
    };
    fly(swarm, Float32Array.of(5, 0), settings, random);
    const velocities = [
      0.25 + 1.5 * 0.5 * 1 + 0.75 * 0.25 * 4,
      -0.25 + 1.5 * 0.75 * 0 + 0.75 * 1 * -2,
      0.5 + 1.5 * 0 * -2 + 0.75 * 0.125 * 2,
      0 + 1.5 * 0.25 * 4 + 0.75 * 0.5 * -4,
    ];
    expect([...swarm.velocities]).toEqual(velocities);
    expect([...swarm.positions]).toEqual(velocities.map((velocity, i) => i + 1 + velocity));
    expect([...swarm.bests]).toEqual([2, 2, 1, 8]);
  });

  it('spreads as far as its particles deviate, on average over the weights', () => {
    // Weight 0 is 1 and 3, weight 1 is 0 and 10: deviations of 1 and 5.
    expect(spreadOf(Float32Array.of(1, 0, 3, 10), 2)).toBeCloseTo(3, 6);
  });

  it('leads with the best of all particles’ bests on the batch; its bests are never worse than where it stands', async () => {
    const before = tf.memory().numTensors;
    const { trained, lossOf, step, run, dispose } = open({ kind: 'particle-swarm', particles: 5, spread: 0.5 });
    expect(step.descends).toBe(false);
    expect(await step.optimizer.read()).toEqual(new Map());
    const chance = new Random(9);
    const start = await readFlat(trained);
    const flat = async (slot: string): Promise<Float32Array[]> => {
      const saved = await step.optimizer.read();
      return Array.from({ length: 5 }, (_, particle) =>
        Float32Array.from(
          trained.flatMap(({ name, variable: { size } }) => {
            const data = saved.get(`optimizer.${slot}.${name}`)?.data ?? [];
            return Array.from({ length: size }, (_unused, i) => data[particle * size + i] ?? Number.NaN);
          }),
        ),
      );
    };
    for (const update of [0, 1, 2]) {
      const state = [...chance.state];
      const bestsBefore = update === 0 ? null : await flat('best_position');
      const [loss = Number.NaN, , norm, best, average, worst, spread] = await run(chance);
      const [positions, bests] = [await flat('position'), await flat('best_position')];
      const losses = positions.map((weights) => lossOf(weights, state));
      const held = bests.map((weights) => lossOf(weights, state));
      expect(norm).toBe(0);
      expect(best).toBeCloseTo(Math.min(...losses), 5);
      expect(average).toBeCloseTo(mean(losses), 5);
      expect(worst).toBeCloseTo(Math.max(...losses), 5);
      expect(spread).toBeGreaterThan(0.1);
      // The model is the leader, and is judged on the batch that made it one.
      expect(loss).toBeCloseTo(Math.min(...held), 5);
      expect(await readFlat(trained)).toEqual(bests[held.indexOf(Math.min(...held))]);
      for (const { name, variable } of trained)
        expect((await step.optimizer.read()).get(`optimizer.position.${name}`)?.shape).toEqual([5, ...variable.shape]);
      bests.forEach((weights, particle) => {
        const old = bestsBefore?.[particle] ?? positions[particle];
        const improved = (losses[particle] ?? 0) < lossOf(old ?? weights, state);
        expect(weights).toEqual(improved ? positions[particle] : old);
      });
      if (update === 0) expect(positions[0]).toEqual(start);
      else expect(positions[0]).not.toEqual(start);
    }
    dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  it('names the slot of a checkpoint that is of another swarm', async () => {
    const { step, run, dispose } = open({ kind: 'particle-swarm', particles: 5 });
    await run(new Random(1));
    const saved = new Map(await step.optimizer.read());
    const other = open({ kind: 'particle-swarm', particles: 4 });
    expect(() => other.step.optimizer.load(saved, 1)).toThrow(
      /optimizer\.position\..*: expected 4 particles of 60 numbers, found 300/,
    );
    saved.delete([...saved.keys()].find((name) => name.startsWith('optimizer.velocity')) ?? '');
    expect(() => step.optimizer.load(saved, 1)).toThrow(/optimizer\.velocity\..*found none/);
    dispose();
    other.dispose();
  });
});

it.each([
  [{ kind: 'evolution-strategy', population: 4 }, 4],
  // Where it stands, and its best.
  [{ kind: 'particle-swarm', particles: 3 }, 3],
])(
  '%j leaves the states that are carried from batch to batch to the model: its candidates only read them',
  async (settings, tried) => {
    const { run, dispose } = open(settings);
    const seen = { read: 0, write: 0 };
    const carried: CarriedStates = {
      read: () => {
        seen.read++;
        return null;
      },
      write: () => {
        seen.write++;
      },
    };
    await run(new Random(1), carried);
    expect(seen).toEqual({ read: tried + 1, write: 1 });
    dispose();
  },
);

it('Adam follows an estimated gradient, a swarm none', () => {
  const rule = (settings: object) => gradientRule(optimizerSettings.parse(settings));
  expect(rule({ kind: 'particle-swarm' })).toBeNull();
  // Kingma & Ba 2015, as in Salimans et al.
  expect(rule({ kind: 'evolution-strategy' })).toEqual({ kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 });
  expect(rule({ kind: 'sgd' })).toEqual({ kind: 'sgd' });
});

it('the rank of a single loss is in the middle', () => {
  expect([...centeredRanks([4])]).toEqual([0]);
});

it('of losses none of which is a number the figures are 0', () => {
  expect(populationFigures([Number.NaN, Number.POSITIVE_INFINITY])).toEqual([0, 0, 0]);
  expect(populationFigures([2])).toEqual([2, 2, 2]);
});
