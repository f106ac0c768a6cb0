import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import type { CellWeights } from './recurrence.tf.ts';

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
    inputWeight: need('weight_ih') as Tensor2D,
    hiddenWeight: need('weight_hh') as Tensor2D,
    inputBias: need('bias_ih') as Tensor1D,
    hiddenBias: find('bias_hh') as Tensor1D | null,
    projection: find('weight_hr') as Tensor2D | null,
    peepholes: find('weight_ch') as Tensor1D | null,
  };
}

const fields = {
  weight_ih: 'inputWeight',
  weight_hh: 'hiddenWeight',
  bias_ih: 'inputBias',
  bias_hh: 'hiddenBias',
  weight_hr: 'projection',
  weight_ch: 'peepholes',
} as const satisfies Readonly<Record<string, keyof CellWeights>>;

/** One of them by PyTorch's name; `null` where the cell has none. */
export const weightOf = (weights: CellWeights, name: string): Tensor | null =>
  Object.hasOwn(fields, name) ? weights[fields[name as keyof typeof fields]] : null;
