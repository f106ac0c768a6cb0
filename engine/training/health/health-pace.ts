/** Share of training time that measuring aims at: well under what it may take, since a measurement may be much slower than the one before. */
const share = 0.02;
/** Share of a run's time that it never takes more than, from its first measurement on; 5 % is promised. */
const most = 0.045;
/** Milliseconds before the first at least. */
const beforeFirst = 2000;
/** A run's measurements grow with the logarithm of its steps: each is at least this share of all steps so far after the one before. */
const growth = 0.005;

/**
 * When a training step is measured, and how long that may take. After a measurement that cost so much time, as much training must have
 * gone by that the cost is a small share of it; one that takes longer than is left of the budget is given up, and tried again when twice as
 * much is there. So on a slow or busy machine, or of a large model, fewer steps are measured, and all together never cost more than they may.
 */
export class HealthPace {
  #start: number | null = null;
  #spent = 0;
  #nextTime = 0;
  #nextStep = 0;

  /**
   * @param now milliseconds of any clock that only goes forward
   * @param expected milliseconds that a measurement may take: nobody knows yet what the first will
   */
  due(step: number, now: number, expected: number): boolean {
    if (this.#start === null) {
      this.#start = now;
      this.#nextTime = now + Math.max(beforeFirst, expected / share);
    }
    return step >= this.#nextStep && now >= this.#nextTime;
  }

  /** Milliseconds that a measurement may take that begins now. */
  budget(now: number): number {
    return most * (now - (this.#start ?? now)) - this.#spent;
  }

  /** @param cost milliseconds that the measurement at `step` took, until `now` */
  measured(step: number, cost: number, now: number): void {
    this.#spent += cost;
    this.#nextStep = step + Math.max(1, Math.floor(step * growth));
    this.#nextTime = now + cost / share - cost;
  }

  /** @param cost milliseconds that were spent on one that was not finished, until `now` */
  givenUp(cost: number, now: number): void {
    this.#spent += cost;
    this.#nextTime = now + (2 * cost) / share;
  }
}
