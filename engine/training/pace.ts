/** Weight of the newest measurement in the running averages. */
const newest = 0.1;

/** How fast a session goes, and how long it will still take. Times are wall clock, pauses not counted. */
export class Pace {
  #before = 0;
  #started = 0;
  #lastStep = 0;
  #stepSeconds: number | null = null;
  #tokensPerStep = 0;
  #validationSeconds = 0;

  /** @param seconds trained in earlier sessions */
  start(seconds: number): void {
    this.#before = seconds;
    this.#started = performance.now();
    this.#lastStep = this.#started;
  }

  /** Seconds trained in all. */
  get seconds(): number {
    return this.#before + (performance.now() - this.#started) / 1000;
  }

  /** One step with this many real tokens is over. */
  step(tokens: number): void {
    const now = performance.now();
    const seconds = (now - this.#lastStep) / 1000;
    this.#lastStep = now;
    if (this.#stepSeconds === null) {
      this.#stepSeconds = seconds;
      this.#tokensPerStep = tokens;
    } else {
      this.#stepSeconds += newest * (seconds - this.#stepSeconds);
      this.#tokensPerStep += newest * (tokens - this.#tokensPerStep);
    }
  }

  /** Runs a validation and times it apart from the steps. */
  async validation<T>(pass: () => Promise<T>): Promise<T> {
    const begin = performance.now();
    const result = await pass();
    this.#lastStep = performance.now();
    this.#validationSeconds = (this.#lastStep - begin) / 1000;
    return result;
  }

  get tokensPerSecond(): number | null {
    return this.#stepSeconds === null || this.#stepSeconds <= 0 ? null : this.#tokensPerStep / this.#stepSeconds;
  }

  secondsLeft(steps: number, validations: number): number | null {
    return this.#stepSeconds === null ? null : steps * this.#stepSeconds + validations * this.#validationSeconds;
  }
}
