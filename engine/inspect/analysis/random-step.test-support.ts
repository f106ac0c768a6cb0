import type { CellProgram } from '../../cells/cell-program.ts';
import type { Block, StepGiven } from '../../cells/step/evaluate.ts';
import { Random } from '../../random.ts';

/** Normal numbers of one stream. */
export function randomBlock(rows: number, width: number, stream: string, scale = 0.8): Block {
  const random = new Random(7, stream);
  return { rows, width, data: Float64Array.from({ length: rows * width }, () => random.normal() * scale) };
}

/** One row, with everything that a step of a cell is made from. */
export function randomStep({ parameters, states }: CellProgram, inputs: number, stream: string, scale = 0.8): StepGiven {
  const size = (width: number | 'input' | undefined): number => (width === 'input' ? inputs : (width ?? 1));
  return {
    input: randomBlock(1, inputs, `${stream} x`, scale),
    states: states.map(({ name, width }) => randomBlock(1, width, `${stream} ${name}`, scale)),
    parameters: new Map(
      parameters.map(({ name, role, shape }) => [
        name,
        role === 'matrix'
          ? randomBlock(size(shape[0]), size(shape[1]), `${stream} ${name}`, scale)
          : randomBlock(1, size(shape[0]), `${stream} ${name}`, scale),
      ]),
    ),
  };
}

/** Rows of a block, to be compared or written as JSON. */
export const rowsOf = ({ rows, width, data }: Block): number[][] =>
  Array.from({ length: rows }, (_, row) => [...data.subarray(row * width, (row + 1) * width)]);

export const blockOf = (rows: readonly (readonly number[])[]): Block => ({
  rows: rows.length,
  width: rows[0]?.length ?? 0,
  data: Float64Array.from(rows.flat()),
});

/** The largest difference of two lists of numbers of one length. */
export function difference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Number.NaN))), 0);
}
