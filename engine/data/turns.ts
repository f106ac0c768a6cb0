import { longestTurn, yieldToEvents } from '../event-loop.ts';

/** Gives way to the engine's other work, so that no loop over a large file holds it up. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  readonly #items: number;
  #since = performance.now();
  #asked = 0;

  /** @param items how many pass between two looks at the clock: 1 where one alone may take long, as a picture to read */
  constructor(signal: AbortSignal | undefined, items = 64) {
    this.#signal = signal;
    this.#items = items;
  }

  /** Whether it is time to `pass`. Cheap: ask at every item. */
  get over(): boolean {
    this.#asked++;
    return this.#asked % this.#items === 0 && performance.now() - this.#since > longestTurn;
  }

  /** Lets other work run. Throws the signal's reason when it was aborted meanwhile. */
  async pass(): Promise<void> {
    await yieldToEvents();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
