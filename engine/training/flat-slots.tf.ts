import type { NamedTensor } from '../files/safetensors.ts';
import { partsOf, sizeOf } from './flat-weights.tf.ts';
import { savedSlot, slotKey, type TrainedParameter } from './optimizer.tf.ts';

/** A slot that is held as one vector over several parameters, as it is saved: each parameter's part by its own name and shape. */
export function slotTensors(
  slot: string,
  parameters: readonly TrainedParameter[],
  flat: Float32Array,
): readonly (readonly [string, NamedTensor])[] {
  return partsOf(parameters, flat).map(({ parameter, part }) => [
    slotKey(slot, parameter),
    { dtype: 'F32', shape: parameter.variable.shape, data: part },
  ]);
}

/** The reverse of `slotTensors`. @throws Error naming the slot that is missing or of another size */
export function flatSlot(
  tensors: ReadonlyMap<string, NamedTensor>,
  slot: string,
  parameters: readonly TrainedParameter[],
): Float32Array {
  const flat = new Float32Array(sizeOf(parameters));
  let offset = 0;
  for (const parameter of parameters) {
    flat.set(savedSlot(tensors, slot, parameter), offset);
    offset += parameter.variable.size;
  }
  return flat;
}
