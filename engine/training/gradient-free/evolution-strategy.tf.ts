import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/dataset.ts';
import type { OptimizerSettings, TrainingSettings } from '../../document/training-settings.ts';
import type { CarriedStates } from '../../layers/builder.tf.ts';
import { Random } from '../../random.ts';
import { partsOf, readFlat, sizeOf } from '../flat-weights.tf.ts';
import type { Optimizer, TrainedParameter } from '../optimizer.tf.ts';
import { createOptimizer } from '../optimizers.tf.ts';
import { type StepFigures, trainedParameters, type UpdateStep } from '../train-step.tf.ts';
import type { Candidates, Trial } from './candidates.tf.ts';
import { centeredRanks } from './centered-ranks.ts';
import { gradientRule } from './gradient-rule.ts';
import { populationFigures, populationNames } from './population-figures.ts';

type EvolutionSettings = Extract<OptimizerSettings, { kind: 'evolution-strategy' }>;

/**
 * OpenAI's evolution strategy (Salimans, Ho, Chen, Sidor & Sutskever 2017, “Evolution Strategies as a Scalable Alternative to
 * Reinforcement Learning”; row L19): candidates stand round the weights θ in mirrored pairs `θ ± σ ε`, `ε ~ N(0, I)`. With `u` the
 * centred ranks of their losses,
 *
 *     g = 1 / (n σ) · Σ_i (u(θ + σ ε_i) − u(θ − σ ε_i)) ε_i
 *
 * estimates the gradient, and Adam follows it, clipped as any gradient is. All candidates see the same batch. The noise comes from
 * seed and step alone: a checkpoint needs Adam's slots and nothing else.
 */
export class EvolutionStrategy implements UpdateStep {
  readonly optimizer: UpdateStep['optimizer'];
  readonly figureNames = [...populationNames, 'sigma'];
  readonly descends = true;
  readonly #candidates: Candidates;
  readonly #settings: TrainingSettings;
  readonly #own: EvolutionSettings;
  readonly #descent: Optimizer;
  readonly #trained: readonly TrainedParameter[];

  constructor(candidates: Candidates, settings: TrainingSettings, own: EvolutionSettings) {
    this.#candidates = candidates;
    this.#settings = settings;
    this.#own = own;
    this.#trained = trainedParameters(candidates.live);
    const rule = gradientRule(own);
    if (rule === null) throw new Error('nothing follows the estimated gradient');
    this.#descent = createOptimizer(this.#trained, { ...settings, optimizer: rule });
    this.optimizer = {
      read: () => this.#descent.read(),
      load: (tensors, steps) => this.#descent.load(tensors, steps),
      dispose: () => {
        this.#descent.dispose();
        candidates.dispose();
      },
    };
  }

  async run(batch: Batch, learningRate: number, chance: Random, carried?: CarriedStates, ownTokens = 0): Promise<StepFigures> {
    const trial: Trial = { batch, chance, carried, ownTokens };
    const { population, sigma: first, sigmaDecay } = this.#own;
    const step = this.#descent.steps;
    const sigma = first * sigmaDecay ** step;
    const centre = await readFlat(this.#trained);
    const noise = drawNoise(population / 2, sizeOf(this.#trained), new Random(this.#settings.seed, `evolution.${step}`));
    const changed = (candidate: number): Float32Array => {
      const scale = candidate % 2 === 0 ? sigma : -sigma;
      const epsilon = noise[candidate >> 1] ?? new Float32Array();
      return centre.map((weight, i) => weight + scale * (epsilon[i] ?? 0));
    };
    const losses = await this.#candidates.losses(population, changed, trial);
    const gradient = estimate(losses, noise, sigma);
    return tf.tidy(() => {
      // Judged before the update, as the loss of a step by gradient is.
      const [loss, correct] = this.#candidates.judgeLive(trial);
      const byName = Object.fromEntries(
        partsOf(this.#trained, gradient).map(({ parameter, part }) => [
          parameter.name,
          tf.tensor(part, parameter.variable.shape),
        ]),
      );
      const norm = this.#descent.apply(byName, learningRate);
      const others = [...populationFigures(losses), sigma].map((figure) => tf.scalar(figure));
      return tf.stack([loss, correct, norm, ...others]) as tf.Tensor1D;
    });
  }
}

const drawNoise = (pairs: number, size: number, random: Random): Float32Array[] =>
  Array.from({ length: pairs }, () => new Float32Array(size).map(() => random.normal()));

/** @param losses of `θ + σ ε_0, θ − σ ε_0, θ + σ ε_1, …` */
function estimate(losses: Float32Array, noise: readonly Float32Array[], sigma: number): Float32Array {
  const ranks = centeredRanks(losses);
  const gradient = new Float32Array(noise[0]?.length ?? 0);
  noise.forEach((epsilon, pair) => {
    const weight = ((ranks[2 * pair] ?? 0) - (ranks[2 * pair + 1] ?? 0)) / (losses.length * sigma);
    for (let i = 0; i < gradient.length; i++) gradient[i] = (gradient[i] ?? 0) + weight * (epsilon[i] ?? 0);
  });
  return gradient;
}
