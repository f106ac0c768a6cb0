import * as tf from '@tensorflow/tfjs-core';
import type { Batch } from '../../data/dataset.ts';
import type { NamedTensor } from '../../files/safetensors.ts';
import type { CarriedStates } from '../../layers/builder.tf.ts';
import { Random } from '../../random.ts';
import { assignFlat, readFlat } from '../flat-weights.tf.ts';
import type { TrainedParameter } from '../optimizer.tf.ts';
import { type StepFigures, trainedParameters, type UpdateStep } from '../train-step.tf.ts';
import type { Candidates, Trial } from './candidates.tf.ts';
import { populationFigures, populationNames } from './population-figures.ts';
import { fly, initialSwarm, type Swarm, type SwarmSettings, spreadOf } from './swarm.ts';
import { readSwarm, saveSwarm } from './swarm-slots.tf.ts';

/**
 * Particle swarm optimization, global best (Kennedy & Eberhart 1995), with inertia (Shi & Eberhart 1998) and
 * the accelerations of Clerc & Kennedy’s constriction 2002 (row L19). A batch is a sample: a low loss on an easy one must not stand for ever. So a particle and its own best
 * are judged on the same batch, and so are the bests among each other; a step runs forward twice for each particle. The leader's
 * weights are the model's. The flights' chance comes from seed and step alone; the swarm is saved in the checkpoint.
 */
export class ParticleSwarm implements UpdateStep {
  readonly optimizer: UpdateStep['optimizer'];
  readonly figureNames = [...populationNames, 'swarm-spread'];
  readonly descends = false;
  readonly #candidates: Candidates;
  readonly #seed: number;
  readonly #settings: SwarmSettings;
  readonly #trained: readonly TrainedParameter[];
  #swarm: Swarm | null = null;
  #steps = 0;

  constructor(candidates: Candidates, seed: number, settings: SwarmSettings) {
    this.#candidates = candidates;
    this.#seed = seed;
    this.#settings = settings;
    this.#trained = trainedParameters(candidates.live);
    this.optimizer = {
      read: async () => (this.#swarm ? saveSwarm(this.#trained, this.#swarm, settings.particles) : new Map()),
      load: (tensors, steps) => this.#load(tensors, steps),
      dispose: () => candidates.dispose(),
    };
  }

  async run(batch: Batch, _learningRate: number, chance: Random, carried?: CarriedStates, ownTokens = 0): Promise<StepFigures> {
    const trial: Trial = { batch, chance, carried, ownTokens };
    const { particles } = this.#settings;
    const leader = await readFlat(this.#trained);
    const random = new Random(this.#seed, `swarm.${this.#steps}`);
    const first = this.#swarm === null;
    this.#swarm ??= initialSwarm(leader, this.#settings, random);
    const { positions, bests } = this.#swarm;
    if (!first) fly(this.#swarm, leader, this.#settings, random);
    const at = (from: Float32Array) => (particle: number) =>
      from.subarray(particle * leader.length, (particle + 1) * leader.length);
    const losses = await this.#candidates.losses(particles, at(positions), trial);
    const held = first ? losses.slice() : await this.#candidates.losses(particles, at(bests), trial);
    let best = 0;
    for (let p = 0; p < particles; p++) {
      if (below(losses[p], held[p])) {
        held[p] = losses[p] ?? Number.NaN;
        bests.set(at(positions)(p), p * leader.length);
      }
      if (below(held[p], held[best])) best = p;
    }
    assignFlat(this.#trained, at(bests)(best));
    this.#steps += 1;
    return tf.tidy(() => {
      const [loss, correct] = this.#candidates.judgeLive(trial);
      const others = [...populationFigures(losses), spreadOf(positions, particles)].map((figure) => tf.scalar(figure));
      return tf.stack([loss, correct, tf.scalar(0), ...others]) as tf.Tensor1D;
    });
  }

  #load(tensors: ReadonlyMap<string, NamedTensor>, steps: number): void {
    this.#steps = steps;
    // Before the first step there is no swarm: it forms round the weights.
    this.#swarm = steps === 0 ? null : readSwarm(this.#trained, tensors, this.#settings.particles);
  }
}

/** What is not a number is below nothing, and everything is below it. */
const below = (a = Number.NaN, b = Number.NaN): boolean => a < b || (Number.isNaN(b) && !Number.isNaN(a));
