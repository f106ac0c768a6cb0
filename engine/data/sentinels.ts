/** Numbers that files write for “not measured”: nines, the ends of integer types, the fill values of netCDF and FITS. */
const nines = [99, 999, 9999, 99_999, 999_999, 9_999_999, 99.9, 999.9, 9999.9, 99.99, 999.99, 9999.99, 999.25, 99.0];
const known: ReadonlySet<number> = new Set([
  ...nines.flatMap((value) => [value, -value]),
  -200,
  -888,
  -8888,
  -32_768,
  -2_147_483_648,
  2_147_483_647,
  1e20,
  -1e20,
  -1e30,
  -1e31,
  1e36,
  9.969_209_968_386_869e36,
  9.969_21e36,
  -3.4e38,
]);

/** Of numbers from 0 on, beside which -1 is no class and no step down. */
const leastRange = 10;

/** Notices numbers that stand far outside of all others of their column and are known to stand for a missing value. */
export class SentinelWatch {
  readonly #counts = new Map<number, number>();
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  #others = 0;

  add(value: number): void {
    if (known.has(value) || value === -1) {
      this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
      return;
    }
    this.#others++;
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
  }

  /** What is suspicious, or `null`. */
  suspicion(): string | null {
    if (this.#others < 5) return null;
    const range = this.#most - this.#least;
    const apart = (value: number): boolean =>
      value === -1 ? this.#least >= 0 && range >= leastRange : value < this.#least - range || value > this.#most + range;
    const far = [...this.#counts].filter(([value]) => apart(value));
    if (far.length === 0) return null;
    const cells = far
      .map(([value, count]) => `${count.toLocaleString('en')} ${count === 1 ? 'cell is' : 'cells are'} ${value}`)
      .join(', ');
    const words = far.map(([value]) => value).join(', ');
    return `${cells}, ${far.every(([value]) => value === -1) ? 'below' : 'far from'} all others (${this.#least} … ${this.#most}). If that stands for a missing value, add ${words} to the missing-value words under Reading.`;
  }
}
