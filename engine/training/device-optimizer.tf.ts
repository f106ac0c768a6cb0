import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../files/safetensors.ts';
import { flatSlot, slotTensors } from './flat-slots.tf.ts';
import type { Optimizer, OptimizerOptions, TrainedParameter } from './optimizer.tf.ts';
import { slotNames } from './slot-names.ts';
import { type Slots, type UpdateRule, updateRule } from './update-rules.tf.ts';

/** Parameters with the same treatment, updated as one long vector: an update costs the same few ops for 3 weights or 300. */
interface Group {
  readonly parameters: readonly TrainedParameter[];
  readonly sizes: readonly number[];
  readonly weightDecay: number;
  slots: Slots;
}

/** Weights, gradients and slots stay on the device. */
export class DeviceOptimizer implements Optimizer {
  readonly #options: OptimizerOptions;
  readonly #groups: Group[];
  readonly #rule: UpdateRule;
  #steps = 0;

  constructor(parameters: readonly TrainedParameter[], options: OptimizerOptions) {
    this.#options = options;
    this.#rule = updateRule(options.optimizer);
    const decayed = parameters.filter((parameter) => options.weightDecay > 0 && parameter.decay);
    const plain = parameters.filter((parameter) => !decayed.includes(parameter));
    this.#groups = [
      { members: decayed, weightDecay: options.weightDecay },
      { members: plain, weightDecay: 0 },
    ].flatMap(({ members, weightDecay }) => {
      if (members.length === 0) return [];
      const sizes = members.map((parameter) => parameter.variable.size);
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const slots: Slots = slotNames(options.optimizer).map(() => tf.keep(tf.zeros([total]) as tf.Tensor1D));
      return [{ parameters: members, sizes, weightDecay, slots }];
    });
  }

  get steps(): number {
    return this.#steps;
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): tf.Scalar {
    this.#steps += 1;
    return tf.tidy(() => {
      const { clipNorm, clipValue } = this.#options;
      const flat = this.#groups.map((group) => {
        const parts = group.parameters.map(
          (parameter, i) => gradients[parameter.name]?.reshape([-1]) ?? tf.zeros([group.sizes[i] ?? 0]),
        );
        const joined = concat(parts as tf.Tensor1D[]);
        return clipValue === null ? joined : tf.clipByValue(joined, -clipValue, clipValue);
      });
      const norm = tf.sqrt(flat.map((part) => tf.sum(tf.square(part))).reduce((sum, part) => tf.add(sum, part))) as tf.Scalar;
      // As `torch.nn.utils.clip_grad_norm_`: the 1e-6 keeps a zero norm from dividing by zero.
      const factor = clipNorm === null ? null : tf.minimum(tf.div(clipNorm, tf.add(norm, 1e-6)), 1);
      this.#groups.forEach((group, i) => {
        const gradient = flat[i];
        if (gradient) this.#update(group, factor === null ? gradient : tf.mul(gradient, factor), learningRate);
      });
      return norm;
    });
  }

  #update(group: Group, gradient: tf.Tensor1D, learningRate: number): void {
    const weights = concat(group.parameters.map((parameter) => parameter.variable.reshape([-1]) as tf.Tensor1D));
    const result = this.#rule({
      weights,
      gradient,
      slots: group.slots,
      learningRate,
      weightDecay: group.weightDecay,
      step: this.#steps,
    });
    for (const slot of group.slots) slot.dispose();
    group.slots = result.slots.map((slot) => tf.keep(slot));
    const parts = group.sizes.length === 1 ? [result.weights] : tf.split(result.weights, [...group.sizes]);
    group.parameters.forEach((parameter, i) => {
      const part = parts[i];
      if (part) parameter.variable.assign(part.reshape(parameter.variable.shape));
    });
  }

  async read(): Promise<Map<string, NamedTensor>> {
    const names = slotNames(this.#options.optimizer);
    const tensors = new Map<string, NamedTensor>();
    for (const group of this.#groups) {
      for (const [s, name] of names.entries()) {
        const flat = (await group.slots[s]?.data<'float32'>()) ?? new Float32Array();
        for (const [key, tensor] of slotTensors(name, group.parameters, flat)) tensors.set(key, tensor);
      }
    }
    return tensors;
  }

  load(tensors: ReadonlyMap<string, NamedTensor>, steps: number): void {
    const names = slotNames(this.#options.optimizer);
    for (const group of this.#groups) {
      const loaded = names.map((name) => flatSlot(tensors, name, group.parameters));
      for (const slot of group.slots) slot.dispose();
      group.slots = loaded.map((data) => tf.keep(tf.tensor1d(data)));
    }
    this.#steps = steps;
  }

  dispose(): void {
    for (const group of this.#groups) {
      for (const slot of group.slots) slot.dispose();
      group.slots = [];
    }
  }
}

const concat = (parts: tf.Tensor1D[]): tf.Tensor1D => {
  const [first] = parts;
  return parts.length === 1 && first ? first : tf.concat1d(parts);
};
