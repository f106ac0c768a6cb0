import * as tf from '@tensorflow/tfjs-core';
import type { TrainedParameter } from './optimizer.tf.ts';

/** All trained weights as one vector, in plan order. */
export async function readFlat(parameters: readonly TrainedParameter[]): Promise<Float32Array> {
  const flat = new Float32Array(sizeOf(parameters));
  let offset = 0;
  for (const { variable } of parameters) {
    flat.set(await variable.data<'float32'>(), offset);
    offset += variable.size;
  }
  return flat;
}

/** The reverse of `readFlat`. */
export function assignFlat(parameters: readonly TrainedParameter[], flat: Float32Array): void {
  for (const { part, parameter } of partsOf(parameters, flat)) {
    const tensor = tf.tensor(part, parameter.variable.shape);
    parameter.variable.assign(tensor);
    tensor.dispose();
  }
}

/** A copy of each parameter's part of the vector. */
export function partsOf(
  parameters: readonly TrainedParameter[],
  flat: Float32Array,
): { readonly parameter: TrainedParameter; readonly part: Float32Array }[] {
  let offset = 0;
  return parameters.map((parameter) => {
    const start = offset;
    offset += parameter.variable.size;
    return { parameter, part: flat.slice(start, offset) };
  });
}

export const sizeOf = (parameters: readonly TrainedParameter[]): number =>
  parameters.reduce((sum, { variable }) => sum + variable.size, 0);
