import type { StoredParameter } from './parameters.ts';
import type { Block } from './step/evaluate.ts';

/**
 * What a cell's equations learn, by their names, in double precision, out of its weights as they are stored.
 *
 * @param stored a weight's numbers by its name
 * @throws Error naming the weight that is missing
 */
export function equationBlocks(
  parameters: readonly StoredParameter[],
  stored: (weight: string) => Float32Array | undefined,
): ReadonlyMap<string, Block> {
  return new Map(
    parameters.map(({ name, shape: [, columns], weight, from, to }): [string, Block] => {
      const numbers = stored(weight);
      if (numbers === undefined) throw new Error(`the cell has no ${weight}`);
      const width = columns ?? 1;
      const data = Float64Array.from(numbers.subarray(from * width, to * width));
      return [name, columns === undefined ? { rows: 1, width: data.length, data } : { rows: to - from, width, data }];
    }),
  );
}
