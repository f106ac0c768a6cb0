/** Pairs by how often they occur; the most frequent comes first, and among equals the one that `before` names. */
export class MergeQueue<P> {
  readonly #entries: { readonly pair: P; readonly count: number }[] = [];
  readonly #before: (a: P, b: P) => boolean;

  constructor(before: (a: P, b: P) => boolean) {
    this.#before = before;
  }

  /** A pair whose count has changed is pushed again; who pops tells the outdated entries by their count. */
  push(pair: P, count: number): void {
    const entries = this.#entries;
    let at = entries.length;
    entries.push({ pair, count });
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#first(at, parent)) break;
      this.#swap(at, parent);
      at = parent;
    }
  }

  pop(): { readonly pair: P; readonly count: number } | undefined {
    const entries = this.#entries;
    const top = entries[0];
    const last = entries.pop();
    if (top === undefined || last === undefined || entries.length === 0) return top;
    entries[0] = last;
    for (let at = 0; ; ) {
      let next = at;
      for (const child of [2 * at + 1, 2 * at + 2]) if (child < entries.length && this.#first(child, next)) next = child;
      if (next === at) return top;
      this.#swap(at, next);
      at = next;
    }
  }

  #first(a: number, b: number): boolean {
    const [one, other] = [this.#entries[a], this.#entries[b]];
    if (!one || !other) return false;
    return one.count === other.count ? this.#before(one.pair, other.pair) : one.count > other.count;
  }

  #swap(a: number, b: number): void {
    const [one, other] = [this.#entries[a], this.#entries[b]];
    if (!one || !other) return;
    this.#entries[a] = other;
    this.#entries[b] = one;
  }
}
