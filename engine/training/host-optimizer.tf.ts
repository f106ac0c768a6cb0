import * as tf from '@tensorflow/tfjs-core';
import type { NamedTensor } from '../files/safetensors.ts';
import { clamp, updateOnHost } from './host-update.ts';
import { type Optimizer, type OptimizerOptions, savedSlot, slotKey, type TrainedParameter } from './optimizer.tf.ts';
import { slotNames } from './slot-names.ts';

interface Member {
  readonly parameter: TrainedParameter;
  readonly slots: readonly Float32Array[];
}

/** Slots live in typed arrays, and an update is one loop over each parameter. For backends whose memory the host can reach. */
export class HostOptimizer implements Optimizer {
  readonly #options: OptimizerOptions;
  readonly #names: readonly string[];
  readonly #members: readonly Member[];
  #steps = 0;

  constructor(parameters: readonly TrainedParameter[], options: OptimizerOptions) {
    this.#options = options;
    this.#names = slotNames(options.optimizer);
    this.#members = parameters.map((parameter) => ({
      parameter,
      slots: this.#names.map(() => new Float32Array(parameter.variable.size)),
    }));
  }

  get steps(): number {
    return this.#steps;
  }

  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): tf.Scalar {
    this.#steps += 1;
    const { optimizer, clipNorm } = this.#options;
    const clipValue = this.#options.clipValue ?? Number.POSITIVE_INFINITY;
    const values = this.#members.map(({ parameter }) => {
      const gradient = gradients[parameter.name]?.dataSync();
      return gradient instanceof Float32Array ? gradient : new Float32Array(parameter.variable.size);
    });
    const norm = Math.sqrt(values.reduce((sum, gradient) => sum + squares(gradient, clipValue), 0));
    // As `torch.nn.utils.clip_grad_norm_`: the 1e-6 keeps a zero norm from dividing by zero.
    const factor = clipNorm === null ? 1 : Math.min(1, clipNorm / (norm + 1e-6));
    this.#members.forEach(({ parameter, slots }, i) => {
      const { variable, decay } = parameter;
      // A copy: on the JavaScript backend the values are the tensor's own memory, which others may share.
      const weights = new Float32Array(variable.dataSync());
      updateOnHost(optimizer, {
        weights,
        gradient: values[i] ?? new Float32Array(weights.length),
        slots,
        factor,
        clipValue,
        learningRate,
        weightDecay: decay ? this.#options.weightDecay : 0,
        step: this.#steps,
      });
      const updated = tf.tensor(weights, variable.shape);
      variable.assign(updated);
      updated.dispose();
    });
    return tf.scalar(norm);
  }

  async read(): Promise<Map<string, NamedTensor>> {
    const tensors = new Map<string, NamedTensor>();
    this.#names.forEach((name, s) => {
      for (const { parameter, slots } of this.#members) {
        const data = new Float32Array(slots[s] ?? []);
        tensors.set(slotKey(name, parameter), { dtype: 'F32', shape: parameter.variable.shape, data });
      }
    });
    return tensors;
  }

  load(tensors: ReadonlyMap<string, NamedTensor>, steps: number): void {
    for (const { parameter, slots } of this.#members) {
      this.#names.forEach((name, s) => {
        slots[s]?.set(savedSlot(tensors, name, parameter));
      });
    }
    this.#steps = steps;
  }

  dispose(): void {
    // Nothing lives on the device.
  }
}

function squares(gradient: Float32Array, clipValue: number): number {
  let sum = 0;
  for (let i = 0; i < gradient.length; i++) {
    const g = clamp(gradient[i] ?? 0, clipValue);
    sum += g * g;
  }
  return sum;
}
