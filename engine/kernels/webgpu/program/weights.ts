import type { RegisterProgram } from '../../../cells/program/register-program.ts';
import { inFours } from '../fours.ts';
import { blocksOf } from './memory.ts';

/** A matrix `[R, C]` where a shader multiplies by it: filled up to fours, one row of the factor after the other. */
export interface PlacedMatrix {
  readonly matrix: number;
  /** `false`: by its transpose, `[C', R']` lies there; `true`: `[R', C']`. */
  readonly turned: boolean;
  /** In blocks of four numbers. */
  readonly offset: number;
}

/** What the shaders of one direction of time multiply by, in one buffer after the vectors. */
export class WeightUses {
  readonly placed: PlacedMatrix[] = [];
  /** Of the buffer, in blocks of four numbers. */
  size: number;
  readonly #matrices: readonly { readonly rows: number; readonly columns: number }[];

  constructor({ matrices, vectors }: Pick<RegisterProgram, 'matrices' | 'vectors'>) {
    this.#matrices = matrices;
    this.size = vectors.reduce((sum, { width }) => sum + blocksOf(width), 0);
  }

  /** Where a matrix lies, in blocks of four numbers. */
  place(matrix: number, turned: boolean): number {
    const known = this.placed.find((one) => one.matrix === matrix && one.turned === turned);
    if (known !== undefined) return known.offset;
    const { rows = 0, columns = 0 } = this.#matrices[matrix] ?? {};
    const offset = this.size;
    this.placed.push({ matrix, turned, offset });
    this.size += turned ? inFours(rows) * blocksOf(columns) : inFours(columns) * blocksOf(rows);
    return offset;
  }
}
