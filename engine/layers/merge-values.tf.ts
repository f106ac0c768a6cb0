import type { Tensor } from '@tensorflow/tfjs-core';
import { sameType, type Value } from './builder.tf.ts';

type Features = Extract<Value, { type: 'sequence' | 'vector' }>;

/** Joins values of one type (checked by the shape rule) into one. */
export function mergeValues(inputs: readonly Value[], join: (tensors: readonly Tensor[]) => Tensor): Features {
  const values = inputs.filter((value): value is Features => value.type === 'sequence' || value.type === 'vector');
  const first = values[0];
  if (first === undefined || values.length !== inputs.length) throw new Error('merge: expected sequences or vectors');
  if (values.length === 1) return first;
  const differentiable = values.some((value) => value.differentiable);
  return sameType(first, join(values.map((value) => value.tensor)), differentiable);
}
