import type { Evaluation, MetricValues } from '../protocol/runs.ts';

/** A confusion matrix of more classes than this says nothing on a screen. */
const matrixLimit = 200;

/** Counts of true and predicted classes, one target at a time; memory does not grow with the data. */
export class ClassCounts {
  readonly #names: readonly string[];
  readonly #matrix: Uint32Array | null;
  readonly #hits: Uint32Array;
  readonly #predicted: Uint32Array;
  readonly #support: Uint32Array;
  #total = 0;

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#matrix = names.length <= matrixLimit ? new Uint32Array(names.length * names.length) : null;
    this.#hits = new Uint32Array(names.length);
    this.#predicted = new Uint32Array(names.length);
    this.#support = new Uint32Array(names.length);
  }

  add(target: number, predicted: number): void {
    this.#total += 1;
    increment(this.#support, target);
    increment(this.#predicted, predicted);
    if (target === predicted) increment(this.#hits, target);
    if (this.#matrix) increment(this.#matrix, target * this.#names.length + predicted);
  }

  /**
   * `accuracy`, `macro-precision`, `macro-recall`, `macro-f1`, and for two classes `positive-f1` of the second one. Macro means run
   * over the classes that occur as a target or a prediction (scikit-learn's rule), with 0 for an undefined share.
   */
  values(): MetricValues {
    if (this.#total === 0) return {};
    const seen = this.classes().filter((_row, id) => (this.#support[id] ?? 0) + (this.#predicted[id] ?? 0) > 0);
    const mean = (pick: (row: Evaluation['classes'][number]) => number): number =>
      seen.reduce((sum, row) => sum + pick(row), 0) / seen.length;
    const values: MetricValues = {
      accuracy: this.#hits.reduce((sum, hits) => sum + hits, 0) / this.#total,
      'macro-precision': mean((row) => row.precision),
      'macro-recall': mean((row) => row.recall),
      'macro-f1': mean((row) => row.f1),
    };
    const positive = this.#names.length === 2 ? this.classes()[1] : undefined;
    if (positive) values['positive-f1'] = positive.f1;
    return values;
  }

  /** Precision, recall and F1 of every class, by id. */
  classes(): Evaluation['classes'] {
    return this.#names.map((name, id) => {
      const hits = this.#hits[id] ?? 0;
      const support = this.#support[id] ?? 0;
      return { name, ...f1Score(hits, this.#predicted[id] ?? 0, support), support };
    });
  }

  /** `[true][predicted]`, or `null` with too many classes. */
  confusion(): number[][] | null {
    const { length } = this.#names;
    const matrix = this.#matrix;
    return matrix && this.#names.map((_name, row) => [...matrix.subarray(row * length, (row + 1) * length)]);
  }
}

/** From true positives, predicted positives and real positives; undefined shares are 0. */
export function f1Score(hits: number, predicted: number, support: number): { precision: number; recall: number; f1: number } {
  return {
    precision: predicted === 0 ? 0 : hits / predicted,
    recall: support === 0 ? 0 : hits / support,
    f1: predicted + support === 0 ? 0 : (2 * hits) / (predicted + support),
  };
}

const increment = (counts: Uint32Array, index: number): void => {
  counts[index] = (counts[index] ?? 0) + 1;
};
