import * as tf from '@tensorflow/tfjs-core';
import type { Loss } from '../../compile/loss-kind.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import type { Batch } from '../../data/dataset.ts';
import type { TrainingSettings } from '../../document/training-settings.ts';
import { yieldToEvents } from '../../event-loop.ts';
import type { CarriedStates } from '../../layers/builder.tf.ts';
import { Random } from '../../random.ts';
import { assignFlat } from '../flat-weights.tf.ts';
import { batchLoss } from '../losses.tf.ts';
import type { TrainedParameter } from '../optimizer.tf.ts';
import { withOwnTokens } from '../scheduled-sampling.tf.ts';
import { countCorrect, trainedParameters } from '../train-step.tf.ts';

/** What every candidate of a step is judged on. */
export interface Trial {
  readonly batch: Batch;
  /** Each candidate draws from a copy of it: dropout masks are the same for all, or luck would be judged. */
  readonly chance: Random;
  readonly carried: CarriedStates | undefined;
  readonly ownTokens: number;
}

/** Other work gets its turn at least this often, in milliseconds. */
const longestBlock = 12;

/** Runs a model forward with weights that are tried out, in variables of its own: the live ones are never disturbed. */
export class Candidates {
  readonly live: Model;
  readonly #loss: Loss;
  readonly #settings: TrainingSettings;
  readonly #classWeights: Float32Array | null;
  #model: Model | null = null;
  #parameters: readonly TrainedParameter[] = [];

  constructor(live: Model, loss: Loss, settings: TrainingSettings, classWeights: Float32Array | null) {
    this.live = live;
    this.#loss = loss;
    this.#settings = settings;
    this.#classWeights = classWeights;
  }

  /** @returns each candidate's loss on the trial's batch */
  async losses(count: number, weightsOf: (candidate: number) => Float32Array, trial: Trial): Promise<Float32Array> {
    const model = await this.#own();
    const { carried } = trial;
    const readOnly = carried && { read: (module: string) => carried.read(module), write: () => {} };
    const found: tf.Scalar[] = [];
    try {
      let lastYield = performance.now();
      for (let i = 0; i < count; i++) {
        assignFlat(this.#parameters, weightsOf(i));
        const chance = Random.fromState(trial.chance.state);
        found.push(tf.tidy(() => this.#forward(model, { ...trial, chance, carried: readOnly }).loss));
        if (performance.now() - lastYield > longestBlock) {
          await yieldToEvents();
          lastYield = performance.now();
        }
      }
      const joined = tf.stack(found);
      const losses = Float32Array.from(await joined.data());
      joined.dispose();
      return losses;
    } finally {
      tf.dispose(found);
    }
  }

  /** Loss and correct targets of the live weights, with the chance and the carried states used up. The caller disposes them. */
  judgeLive(trial: Trial): [loss: tf.Scalar, correct: tf.Scalar] {
    return tf.tidy(() => {
      const { loss, logits, mask } = this.#forward(this.live, trial);
      const correct = trial.batch.numberTargets === null ? countCorrect(logits, trial.batch, mask) : tf.scalar(0);
      return [loss, correct];
    });
  }

  dispose(): void {
    this.#model?.dispose();
    this.#model = null;
  }

  #forward(model: Model, trial: Trial): { loss: tf.Scalar; logits: tf.Tensor; mask: tf.Tensor } {
    const given = toTensors(trial.batch);
    const input = trial.ownTokens > 0 ? withOwnTokens(model, given, trial.ownTokens, trial.chance) : given;
    const logits = model.forward(input, { dropout: trial.chance, carried: trial.carried });
    const loss = batchLoss(this.#loss, logits, trial.batch, this.#settings.timeReduction, this.#classWeights);
    return { loss, logits, mask: (input.target?.time ?? input).mask };
  }

  /** Made at the first use. */
  async #own(): Promise<Model> {
    if (this.#model !== null) return this.#model;
    this.#model = new Model(this.live.plan, await this.live.read());
    this.#parameters = trainedParameters(this.#model);
    return this.#model;
  }
}
