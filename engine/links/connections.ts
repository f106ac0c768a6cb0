import type { Caller } from '../protocol/contract.ts';

/** One request of a window → its reply, or `null` when there is none to give. */
export type Answer = (message: string, window: Caller) => Promise<string | null>;

/** The windows that are listening now. */
export class Connections {
  readonly #open = new Set<Caller>();
  readonly #left: (window: Caller) => void;

  /** @param left called when a window has gone */
  constructor(left: (window: Caller) => void) {
    this.#left = left;
  }

  /** Returns the function that ends the connection. */
  add(window: Caller): () => void {
    this.#open.add(window);
    return () => {
      if (this.#open.delete(window)) this.#left(window);
    };
  }

  broadcast(message: string): void {
    for (const send of this.#open) send(message);
  }
}
