import { inFours } from '../fours.ts';

/** Storage buffers of a generated shader. Each is written by shaders of its own alone. */
export type BufferName = 'hoisted' | 'history' | 'gradients';

/** Where a number for each unit lies. Columns are blocks of four units within a row's record. */
export type Memory =
  /** For each step and row. */
  | { readonly kind: 'record'; readonly buffer: BufferName; readonly column: number }
  /** For each row: written and read within one step, and by the next one. */
  | { readonly kind: 'scratch'; readonly buffer: 'history' | 'gradients'; readonly column: number }
  /** The gradient of a part of the state that the next step back begins with. */
  | { readonly kind: 'carry'; readonly part: number }
  /** A part of the state before the step, and after it. */
  | { readonly kind: 'before' | 'after'; readonly part: number }
  /** The input, for each step and row. */
  | { readonly kind: 'input' }
  /** The same for all rows. */
  | { readonly kind: 'vector'; readonly column: number }
  | { readonly kind: 'constant'; readonly value: number };

/** Blocks of four units; one number a row takes one, four times the same. */
export const blocksOf = (width: number): number => inFours(Math.max(1, width)) / 4;

/** Columns of the records of one buffer. */
export class Columns {
  #records = 0;
  #scratch = 0;

  record(width: number): number {
    const column = this.#records;
    this.#records += blocksOf(width);
    return column;
  }

  scratch(width: number): number {
    const column = this.#scratch;
    this.#scratch += blocksOf(width);
    return column;
  }

  sizes(): RecordSizes {
    return { records: this.#records, scratch: this.#scratch };
  }
}

/** Blocks that one row takes: at each step, and in all. */
export interface RecordSizes {
  readonly records: number;
  readonly scratch: number;
}
