import type * as tf from '@tensorflow/tfjs-core';
import type { GradientRule } from '../document/training-settings.ts';
import type { NamedTensor } from '../files/safetensors.ts';

/** A weight that is trained. */
export interface TrainedParameter {
  readonly name: string;
  readonly variable: tf.Variable;
  /** Whether weight decay applies to it. */
  readonly decay: boolean;
}

export interface OptimizerOptions {
  readonly optimizer: GradientRule;
  readonly weightDecay: number;
  readonly clipNorm: number | null;
  readonly clipValue: number | null;
}

/** Updates weights from gradients, by PyTorch's rules; holds the running averages. */
export interface Optimizer {
  /** Updates done. */
  readonly steps: number;
  /**
   * One update in place. Gradients are clipped by value, then by global norm; weight decay and the rule follow.
   *
   * @param gradients by parameter name, each of its parameter's shape; a missing one counts as zeros
   * @returns the gradients' global norm before clipping by norm, a scalar that the caller disposes
   */
  apply(gradients: Readonly<Record<string, tf.Tensor>>, learningRate: number): tf.Scalar;
  /** The slots by `optimizer.<slot>.<parameter>`, PyTorch's slot names. */
  read(): Promise<Map<string, NamedTensor>>;
  /** @throws Error naming the slot that is missing or of another size. */
  load(tensors: ReadonlyMap<string, NamedTensor>, steps: number): void;
  dispose(): void;
}

/** Name of a slot in a checkpoint. */
export const slotKey = (slot: string, parameter: TrainedParameter): string => `optimizer.${slot}.${parameter.name}`;

/** @throws Error naming the slot when it is missing or of another size than its parameter. */
export function savedSlot(
  tensors: ReadonlyMap<string, NamedTensor>,
  slot: string,
  parameter: TrainedParameter,
): Float32Array | Int32Array {
  const key = slotKey(slot, parameter);
  const found = tensors.get(key);
  const { size } = parameter.variable;
  if (found?.data.length === size) return found.data;
  throw new Error(`${key}: expected ${size} numbers, found ${found?.data.length ?? 'none'}`);
}
