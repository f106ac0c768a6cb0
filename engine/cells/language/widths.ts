/** A width that is known, or that another expression will tell: that of the input is known only where the cell is wired. */
export type KnownWidth = number | 'input';

/** A width that may still be open; open ones that must be equal point at one another. */
export class Width {
  #known: KnownWidth | null;
  #same: Width | null = null;

  constructor(known: KnownWidth | null = null) {
    this.#known = known;
  }

  #root(): Width {
    return this.#same === null ? this : this.#same.#root();
  }

  get known(): KnownWidth | null {
    return this.#root().#known;
  }

  /** Makes two widths one; false where both are known and differ. */
  joins(other: Width): boolean {
    const [a, b] = [this.#root(), other.#root()];
    if (a === b) return true;
    if (a.#known !== null && b.#known !== null) return a.#known === b.#known;
    if (a.#known === null) a.#same = b;
    else b.#same = a;
    return true;
  }
}
