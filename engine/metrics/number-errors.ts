import type { Evaluation, MetricValues } from '../protocol/runs.ts';

/** Points of a target-against-prediction plot. */
const seriesLimit = 500;

/** Mean absolute and root mean squared error in the data's own units, over rows and targets. */
export class NumberErrors {
  #absolute = 0;
  #squared = 0;
  #count = 0;
  readonly #series: NonNullable<Evaluation['series']> = [];

  /** One row's targets and predictions `[K]`; the first target is the one plotted. */
  add(target: ArrayLike<number>, predicted: ArrayLike<number>): void {
    for (let k = 0; k < target.length; k++) {
      const error = (predicted[k] ?? Number.NaN) - (target[k] ?? Number.NaN);
      this.#absolute += Math.abs(error);
      this.#squared += error * error;
      this.#count += 1;
    }
    if (this.#series.length < seriesLimit) {
      this.#series.push({ target: target[0] ?? Number.NaN, predicted: predicted[0] ?? Number.NaN });
    }
  }

  values(): MetricValues {
    if (this.#count === 0) return {};
    return { rmse: Math.sqrt(this.#squared / this.#count), mae: this.#absolute / this.#count };
  }

  series(): NonNullable<Evaluation['series']> {
    return [...this.#series];
  }
}
