/**
 * The element-wise part of a cell's step, as plain loops over typed arrays: rows B, width H, one row's gates side by side.
 * `σ` is applied between the two halves of a step by the backend's own vectorized kernel, tanh(x) as 2σ(2x) - 1.
 * A row that has ended at this step (`t >= lengths[b]`) keeps its state and passes its gradient on.
 */

/** Where a step reads and writes. Offsets count numbers from the start of each array. */
export interface StepRows {
  readonly rows: number;
  readonly width: number;
  readonly t: number;
  readonly lengths: Int32Array;
}

/** tanh(x) from σ(2x). */
export const toTanh = (sigmoidOfTwice: number): number => 2 * sigmoidOfTwice - 1;

/** `target = scale * (input + hidden + bias)` for one block of columns of each row. */
export function addBlock(
  target: Float32Array,
  targetAt: { readonly row: number; readonly column: number },
  input: Float32Array,
  inputAt: number,
  hidden: Float32Array,
  source: { readonly row: number; readonly column: number },
  hiddenAt: { readonly row: number; readonly column: number },
  bias: Float32Array,
  scale: number,
  rows: number,
  width: number,
): void {
  for (let b = 0; b < rows; b++) {
    const to = b * targetAt.row + targetAt.column;
    const from = inputAt + b * source.row + source.column;
    const state = b * hiddenAt.row + hiddenAt.column;
    for (let j = 0; j < width; j++) {
      const sum = (input[from + j] as number) + (hidden[state + j] as number) + (bias[source.column + j] as number);
      target[to + j] = scale * sum;
    }
  }
}
