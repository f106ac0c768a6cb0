import { split, type Tensor } from '@tensorflow/tfjs-core';
import { storedWeights } from '../cells/parameters.ts';
import type { CellDescription } from '../shapes/value-type.ts';

/** What a cell's equations learn, by their names, out of its weights as they are stored: stacked for a cell with kernels. */
export function equationWeights(cell: CellDescription, stored: ReadonlyMap<string, Tensor>): ReadonlyMap<string, Tensor> {
  const found = new Map<string, Tensor>();
  for (const { name, blocks } of storedWeights(cell)) {
    const weight = stored.get(name);
    if (weight === undefined) throw new Error(`the cell has no ${name}`);
    const parts = blocks.length === 1 ? [weight] : split(weight, blocks.length);
    for (const [index, block] of blocks.entries()) if (parts[index]) found.set(block, parts[index]);
  }
  return found;
}
