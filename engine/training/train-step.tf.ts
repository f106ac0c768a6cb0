import * as tf from '@tensorflow/tfjs-core';
import type { Chain } from '../compile/chain.tf.ts';
import type { Loss } from '../compile/loss-kind.ts';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import type { Batch } from '../data/dataset.ts';
import { targetWeights } from '../data/target-weights.ts';
import type { TrainingSettings } from '../document/training-settings.ts';
import { inTraining } from '../kernels/native/rounded-products.ts';
import { fusedBackend } from '../kernels/native-ops.tf.ts';
import { asRows } from '../kernels/product.tf.ts';
import { inputTensors } from '../layers/batch-tensors.tf.ts';
import type { CarriedStates } from '../layers/builder.tf.ts';
import { parameterName } from '../layers/plan-module.ts';
import type { Random } from '../random.ts';
import { FusedAdam } from './fused-adam.tf.ts';
import { gradientRule } from './gradient-free/gradient-rule.ts';
import type { HealthProbe } from './health/health-probe.tf.ts';
import { batchLoss } from './losses.tf.ts';
import type { Optimizer, TrainedParameter } from './optimizer.tf.ts';
import { createOptimizer } from './optimizers.tf.ts';
import { withOwnTokens } from './scheduled-sampling.tf.ts';

/** Figures of one step, still on the device: `[loss, correct targets, gradient norm, ...others]`. */
export type StepFigures = tf.Tensor1D;

/** One update of the weights from one batch. */
export interface UpdateStep {
  /** What a checkpoint holds besides the weights. */
  readonly optimizer: Pick<Optimizer, 'read' | 'load' | 'dispose'>;
  /** Names of the figures after the first three. */
  readonly figureNames: readonly string[];
  /** Whether it follows a gradient: without one, learning rate and gradient norm mean nothing. */
  readonly descends: boolean;
  /** As `TrainStep.run`; one at a time. */
  run(
    batch: Batch,
    learningRate: number,
    chance: Random,
    carried?: CarriedStates,
    ownTokens?: number,
    probe?: HealthProbe,
  ): StepFigures | Promise<StepFigures>;
}

/** Forward pass, loss, back-propagation through time, clip, update. */
export class TrainStep implements UpdateStep {
  readonly optimizer: Optimizer;
  readonly figureNames = [];
  readonly descends = true;
  readonly #model: Model;
  readonly #loss: Loss;
  readonly #settings: TrainingSettings;
  readonly #classWeights: Float32Array | null;
  readonly #trained: readonly TrainedParameter[];

  constructor(model: Model, loss: Loss, settings: TrainingSettings, classWeights: Float32Array | null) {
    this.#model = model;
    this.#loss = loss;
    this.#settings = settings;
    this.#classWeights = classWeights;
    const rule = gradientRule(settings.optimizer);
    if (rule === null) throw new Error(`${settings.optimizer.kind} does not follow a gradient`);
    this.#trained = trainedParameters(model);
    this.optimizer = createOptimizer(this.#trained, { ...settings, optimizer: rule });
  }

  /**
   * One update; the caller disposes the figures.
   *
   * @param chance of dropout and scheduled sampling
   * @param ownTokens share of the decoder's previous tokens that are the model's own
   * @param probe looks on
   */
  run(
    batch: Batch,
    learningRate: number,
    chance: Random,
    carried?: CarriedStates,
    ownTokens = 0,
    probe?: HealthProbe,
  ): StepFigures {
    const { chain } = this.#model;
    if (this.optimizer instanceof FusedAdam && chain?.fits(batch) && probe === undefined && carried === undefined)
      return this.#runChain(chain, this.optimizer, batch, learningRate, chance);
    return inTraining(() =>
      tf.tidy(() => {
        const given = toTensors(batch);
        const input = ownTokens > 0 ? withOwnTokens(this.#model, given, ownTokens, chance) : given;
        const kept: tf.Tensor[] = [];
        const { value, grads } = tf.variableGrads(
          () => {
            const logits = this.#model.forward(input, { dropout: chance, carried, watch: probe });
            kept.push(tf.keep(logits));
            return batchLoss(this.#loss, logits, batch, this.#settings.timeReduction, this.#classWeights);
          },
          this.#trained.map((parameter) => parameter.variable),
        );
        const byName: Record<string, tf.Tensor> = {};
        for (const { name, variable } of this.#trained) {
          const gradient = grads[variable.name];
          if (gradient) byName[name] = gradient;
        }
        probe?.beforeUpdate(this.#trained);
        const norm = this.optimizer.apply(byName, learningRate);
        probe?.afterUpdate(byName);
        const [logits] = kept;
        const correct =
          logits && batch.numberTargets === null ? countCorrect(logits, batch, (input.target?.time ?? input).mask) : tf.scalar(0);
        for (const tensor of kept) tensor.dispose();
        return tf.stack([value, correct, norm]) as tf.Tensor1D;
      }),
    );
  }

  /** The whole step in one op: the same numbers. */
  #runChain(chain: Chain, optimizer: FusedAdam, batch: Batch, learningRate: number, chance: Random): StepFigures {
    const step = (): StepFigures => {
      const targets = batch.tagTargets ?? batch.classTargets;
      const numbers = batch.numberTargets ?? targetWeights(batch, this.#settings.timeReduction, this.#classWeights);
      return chain.train(inputTensors(batch), chance, {
        loss: this.#loss,
        ...optimizer.begin(learningRate),
        targets: targets && tf.tensor1d(targets, 'int32'),
        numbers: tf.tensor1d(numbers),
      });
    };
    return inTraining(() => tf.tidy(step));
  }
}

/** Weights that are not frozen, in plan order. */
export function trainedParameters(model: Model): readonly TrainedParameter[] {
  return model.plan.modules.flatMap((module) =>
    module.parameters.flatMap((spec) => {
      const name = parameterName(module, spec);
      const variable = model.variables.get(name);
      return spec.trainable && variable ? [{ name, variable, decay: spec.decay }] : [];
    }),
  );
}

/** How many targets the most probable class hits; padding does not count. */
export function countCorrect(logits: tf.Tensor, batch: Batch, mask: tf.Tensor): tf.Scalar {
  const width = logits.shape[logits.rank - 1] ?? 1;
  const targets = tf.tensor1d(batch.tagTargets ?? batch.classTargets ?? [], 'int32');
  const rows = asRows(logits);
  const fused = fusedBackend();
  if (fused !== null) {
    const counted = batch.tagTargets ? mask.reshape([-1]) : tf.tensor1d([], 'float32');
    return fused.executeSingleOutput('UnrollCorrect', [], [rows, targets, counted]) as tf.Scalar;
  }
  const predicted = width === 1 ? tf.greater(rows.reshape([-1]), 0).toInt() : tf.argMax(rows, 1);
  const hits = tf.equal(predicted, targets).toFloat();
  return tf.sum(batch.tagTargets ? tf.mul(hits, mask.reshape([-1])) : hits) as tf.Scalar;
}
