/** Share of training time that measuring may take: well under the 5 % that are promised, since a measurement may be much slower than the one before. */
const share = 0.02;
/** Milliseconds before the first at least. */
const beforeFirst = 2000;
/** A run's measurements grow with the logarithm of its steps: each is at least this share of all steps so far after the one before. */
const growth = 0.005;
/** Steps from one measurement to the next at least: one that is measured is more work for the device too, by about a tenth, which no clock tells apart. */
const fewestSteps = 10;

/**
 * When a training step is measured. After one that cost so much time, as much training must have gone by that the cost is a small share
 * of it: on a slow device, or of a large model, fewer steps are measured, and all together never cost more than they may.
 */
export class HealthPace {
  #nextTime: number | null = null;
  #nextStep = 0;

  /**
   * @param now milliseconds of any clock that only goes forward
   * @param expected milliseconds that a measurement may take: nobody knows yet what the first will
   */
  due(step: number, now: number, expected: number): boolean {
    this.#nextTime ??= now + Math.max(beforeFirst, expected / share);
    return step >= this.#nextStep && now >= this.#nextTime;
  }

  /** @param cost milliseconds that the measurement at `step` took, until `now` */
  measured(step: number, cost: number, now: number): void {
    this.#nextStep = step + Math.max(fewestSteps, Math.floor(step * growth));
    this.#nextTime = now + cost / share - cost;
  }
}
