import { setImmediate as nextTurn } from 'node:timers/promises';

const longestTurn = 12;

/** Gives way to the engine's other work, so that no loop over a large file holds it up. */
export class Turns {
  readonly #signal: AbortSignal | undefined;
  #since = performance.now();
  #asked = 0;

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  /** Whether it is time to `pass`. Cheap: ask at every item. */
  get over(): boolean {
    this.#asked++;
    return this.#asked % 64 === 0 && performance.now() - this.#since > longestTurn;
  }

  /** Lets other work run. Throws the signal's reason when it was aborted meanwhile. */
  async pass(): Promise<void> {
    await nextTurn();
    this.#signal?.throwIfAborted();
    this.#since = performance.now();
  }
}
