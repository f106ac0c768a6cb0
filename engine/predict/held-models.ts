import type { Predictor } from './predictor.ts';

interface Held {
  readonly predictor: Promise<Predictor>;
  users: number;
  /** No longer kept: freed when the last user is done. */
  dropped: boolean;
}

/** Models held ready, so that a prediction while typing does not read a file. A model is not freed while something uses it. */
export class HeldModels {
  readonly #kept: number;
  readonly #ready = new Map<string, Held>();

  /** @param kept how many are held at most, those used last */
  constructor(kept: number) {
    this.#kept = kept;
  }

  /** @param make called when there is none under this key */
  async lend<T>(key: string, make: () => Promise<Predictor>, work: (predictor: Predictor) => Promise<T>): Promise<T> {
    const held = this.#ready.get(key) ?? { predictor: make(), users: 0, dropped: false };
    this.#ready.delete(key);
    this.#ready.set(key, held);
    held.users += 1;
    for (const oldest of [...this.#ready.keys()].slice(0, -this.#kept)) this.#drop(oldest);
    try {
      return await work(
        await held.predictor.catch((error: unknown) => {
          if (this.#ready.get(key) === held) this.#ready.delete(key);
          throw error;
        }),
      );
    } finally {
      held.users -= 1;
      free(held);
    }
  }

  /** Frees those whose key begins so, once nothing uses them. */
  forget(prefix: string): void {
    for (const key of [...this.#ready.keys()]) if (key.startsWith(prefix)) this.#drop(key);
  }

  #drop(key: string): void {
    const held = this.#ready.get(key);
    this.#ready.delete(key);
    if (held === undefined) return;
    held.dropped = true;
    free(held);
  }
}

function free(held: Held): void {
  if (!held.dropped || held.users > 0) return;
  held.predictor.then(
    ({ model }) => model.dispose(),
    () => {
      // It was never made.
    },
  );
}
