import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { CellWeights } from './recurrence.tf.ts';

/** PyTorch's names of what a cell may have. */
const names: Readonly<Record<keyof CellWeights, string>> = {
  inputWeight: 'weight_ih',
  hiddenWeight: 'weight_hh',
  inputBias: 'bias_ih',
  hiddenBias: 'bias_hh',
  projection: 'weight_hr',
  peepholes: 'weight_ch',
};

/**
 * A cell's weights by PyTorch's names (`weight_ih`, `bias_hh`, …), without layer and direction.
 *
 * @param find the weight of that name, `null` where the cell has none
 * @throws Error when a weight is absent that every cell has
 */
export function cellWeights(find: (name: string) => Tensor | null): CellWeights {
  const need = (name: string): Tensor => {
    const found = find(name);
    if (found === null) throw new Error(`the cell has no ${name}`);
    return found;
  };
  return {
    inputWeight: need(names.inputWeight) as Tensor2D,
    hiddenWeight: need(names.hiddenWeight) as Tensor2D,
    inputBias: need(names.inputBias) as Tensor1D,
    hiddenBias: find(names.hiddenBias) as Tensor1D | null,
    projection: find(names.projection) as Tensor2D | null,
    peepholes: find(names.peepholes) as Tensor1D | null,
  };
}

/** One of them by PyTorch's name; `null` where the cell has none. */
export function weightOf(weights: CellWeights, name: string): Tensor | null {
  for (const [field, own] of Object.entries(names)) if (own === name) return weights[field as keyof CellWeights];
  return null;
}
