/**
 * Exponential moving average, corrected for its start (as Adam corrects its moments) so that the first points are not pulled to
 * zero. `weight` towards 1 smooths more; 0 gives the values themselves.
 */
export class Smoothing {
  readonly #weight: number;
  #average = 0;
  #correction = 1;

  constructor(weight: number) {
    this.#weight = weight;
  }

  /** The average with one more value. */
  add(value: number): number {
    this.#average = this.#weight * this.#average + (1 - this.#weight) * value;
    this.#correction *= this.#weight;
    return this.#average / (1 - this.#correction);
  }
}
