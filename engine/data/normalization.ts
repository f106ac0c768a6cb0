import type { Normalization } from './dataset.ts';

/** Mean and deviation of each column, in one pass (Welford), so that large values lose no digits. */
export class NormalizationFit {
  readonly #names: readonly string[];
  readonly #mean: Float64Array;
  readonly #squares: Float64Array;
  #count = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#mean = new Float64Array(names.length);
    this.#squares = new Float64Array(names.length);
  }

  /** One row of a training example; `at(column)` gives its values. */
  add(at: (column: number) => number): void {
    this.#count++;
    for (let column = 0; column < this.#names.length; column++) {
      const value = at(column);
      const before = this.#mean[column] ?? 0;
      const delta = value - before;
      const mean = before + delta / this.#count;
      this.#mean[column] = mean;
      this.#squares[column] = (this.#squares[column] ?? 0) + delta * (value - mean);
    }
  }

  /** A column that changes in its last digits at most gets deviation 1: it becomes 0 instead of dividing by 0. */
  result(): Normalization {
    return {
      names: this.#names,
      mean: [...this.#mean],
      deviation: [...this.#squares].map((squares, column) => {
        const deviation = Math.sqrt(squares / this.#count);
        return deviation > 1e-14 * Math.abs(this.#mean[column] ?? 0) && Number.isFinite(deviation) ? deviation : 1;
      }),
    };
  }
}
