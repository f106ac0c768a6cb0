import * as tf from '@tensorflow/tfjs-core';
import type { OptimizerSettings } from '../document/training-settings.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import { requireFusedBackend } from '../kernels/native-ops.tf.ts';
import { flatSlot, slotTensors } from './flat-slots.tf.ts';
import { sizeOf } from './flat-weights.tf.ts';
import type { Optimizer, OptimizerOptions, TrainedParameter } from './optimizer.tf.ts';
import { slotNames } from './slot-names.ts';

type AdamSettings = Extract<OptimizerSettings, { kind: 'adam' | 'adamw' }>;

/** Settings that are the step's, before those of each parameter. */
const ofStep = 6;

/**
 * Adam and AdamW with our own op, on native TensorFlow and WASM: all parameters in one call, the gradients' norm and clipping included. The same
 * rule as everywhere else (`update-rules.tf.ts`), every weight of every parameter at every step.
 */
export class FusedAdam implements Optimizer {
  readonly #parameters: readonly TrainedParameter[];
  readonly #options: OptimizerOptions & { readonly optimizer: AdamSettings };
  /**
   * Running averages of all parameters, one after the other: of the gradient, and of its square. The op updates them in place, so no
   * other tensor may share their memory.
   */
  #averages: [tf.Tensor1D, tf.Tensor1D];
  #steps = 0;

  constructor(parameters: readonly TrainedParameter[], options: OptimizerOptions & { readonly optimizer: AdamSettings }) {
    this.#parameters = parameters;
    this.#options = options;
    const zeros = (): tf.Tensor1D => tf.keep(tf.zeros<tf.Rank.R1>([sizeOf(parameters)]));
    this.#averages = [zeros(), zeros()];
  }

  get steps(): number {
    return this.#steps;
  }

  /** What an op needs that makes the next update itself; it counts as done. The caller disposes the settings. */
  begin(learningRate: number): { readonly settings: tf.Tensor1D; readonly averages: readonly [tf.Tensor1D, tf.Tensor1D] } {
    this.#steps += 1;
    return { settings: this.#settings(learningRate), averages: this.#averages };
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): tf.Scalar {
    const count = this.#parameters.length;
    return tf.tidy(() => {
      const { settings, averages } = this.begin(learningRate);
      const backend = requireFusedBackend();
      const attribute = { name: 'N', type: backend.binding.TF_ATTR_INT, value: count };
      const weights = this.#parameters.map(({ variable }) => variable as tf.Tensor);
      const given = this.#parameters.map(({ name, variable }) => gradients[name] ?? tf.zerosLike(variable));
      const inputs = [settings, ...weights, ...given, ...averages];
      const outputs = backend.executeMultipleOutputs('UnrollAdam', [attribute], inputs, count + 1);
      this.#parameters.forEach(({ variable }, i) => {
        const updated = outputs[i];
        if (updated) variable.assign(updated);
      });
      const norm = outputs[count];
      if (!norm) throw new Error('UnrollAdam: an output is missing');
      return norm as tf.Scalar;
    });
  }

  /** The op's settings: numbers of the step, then the decay of each parameter, and the shrinkage of each. */
  #settings(learningRate: number): tf.Tensor1D {
    const { optimizer, weightDecay, clipNorm, clipValue } = this.#options;
    const { beta1, beta2, epsilon } = optimizer;
    const correction = Math.sqrt(1 - beta2 ** this.#steps);
    const rate = (learningRate * correction) / (1 - beta1 ** this.#steps);
    const settings = new Float32Array(ofStep + 2 * this.#parameters.length);
    settings.set([rate, beta1, beta2, epsilon * correction, clipNorm ?? 0, clipValue ?? 0]);
    const decoupled = optimizer.kind === 'adamw';
    this.#parameters.forEach((parameter, i) => {
      const decay = parameter.decay ? weightDecay : 0;
      settings[ofStep + i] = decoupled ? 0 : decay;
      settings[ofStep + this.#parameters.length + i] = decoupled ? 1 - learningRate * decay : 1;
    });
    return tf.tensor1d(settings);
  }

  async read(): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>();
    for (const [s, name] of slotNames(this.#options.optimizer).entries()) {
      const flat = (await this.#averages[s]?.data<'float32'>()) ?? new Float32Array();
      for (const [key, tensor] of slotTensors(name, this.#parameters, flat)) tensors.set(key, tensor);
    }
    return tensors;
  }

  load(tensors: ReadonlyMap<string, NamedTensor>, steps: number): void {
    const [mean, square] = slotNames(this.#options.optimizer).map((name) =>
      tf.keep(tf.tensor1d(flatSlot(tensors, name, this.#parameters))),
    );
    if (!mean || !square) throw new Error('Adam has two slots');
    this.dispose();
    this.#averages = [mean, square];
    this.#steps = steps;
  }

  dispose(): void {
    for (const average of this.#averages) average.dispose();
  }
}
