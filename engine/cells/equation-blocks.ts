import type { CellDescription } from '../shapes/value-type.ts';
import { cellProgram } from './cell-program.ts';
import { storedWeights } from './parameters.ts';
import type { Block } from './step/evaluate.ts';

/**
 * What a cell's equations learn, by their names, in double precision, out of its weights as they are stored.
 *
 * @param stored a weight's numbers by its name without layer and direction: `weight_ih`, or `W_f` of a cell that has its equations alone
 * @throws Error naming the weight that is missing
 */
export function equationBlocks(
  cell: CellDescription,
  stored: (name: string) => ArrayLike<number> | undefined,
): ReadonlyMap<string, Block> {
  const matrices = new Map(
    cellProgram(cell.equations, cell.hidden).parameters.map((one) => [one.name, one.role === 'matrix' ? one.shape[0] : null]),
  );
  const found = new Map<string, Block>();
  for (const { name, blocks } of storedWeights(cell)) {
    const numbers = stored(name);
    if (numbers === undefined) throw new Error(`the cell has no ${name}`);
    const size = numbers.length / blocks.length;
    blocks.forEach((block, index) => {
      const data = Float64Array.from({ length: size }, (_, i) => numbers[index * size + i] ?? Number.NaN);
      const rows = matrices.get(block);
      const height = typeof rows === 'number' ? rows : 1;
      found.set(block, { rows: height, width: size / height, data });
    });
  }
  return found;
}
