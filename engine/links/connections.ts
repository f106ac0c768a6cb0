/** Sends one text message to one window. */
export type Send = (message: string) => void;

/** One request of a window → its reply, or `null` when there is none to give. */
export type Answer = (message: string) => Promise<string | null>;

/** The windows that are listening now. */
export class Connections {
  readonly #open = new Set<Send>();

  /** Returns the function that ends the connection. */
  add(send: Send): () => void {
    this.#open.add(send);
    return () => this.#open.delete(send);
  }

  broadcast(message: string): void {
    for (const send of this.#open) send(message);
  }
}
