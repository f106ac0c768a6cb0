/**
 * Seeded random numbers (xoshiro128**, state from splitmix32): the same seed gives the same numbers on every machine and
 * backend, and the state is four integers that a checkpoint can hold. TensorFlow.js's own generators ignore their seed in places.
 */
export class Random {
  #state: Uint32Array;

  /** `stream` separates uses of one seed: weights, shuffling and dropout never share numbers. */
  constructor(seed: number, stream = '') {
    let hash = seed >>> 0;
    for (const character of stream) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
    this.#state = new Uint32Array(4).map(() => {
      hash = (hash + 0x9e3779b9) >>> 0;
      let z = hash;
      z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  /** Uniform integer in [0, 2³²). */
  nextUint32(): number {
    const s = this.#state;
    // Not destructured: an iterator takes most of the time.
    const a = s[0] ?? 0;
    const b = s[1] ?? 0;
    const c = s[2] ?? 0;
    const d = s[3] ?? 0;
    const rotated = Math.imul(b, 5);
    const result = Math.imul((rotated << 7) | (rotated >>> 25), 9) >>> 0;
    s[2] = c ^ a;
    s[3] = d ^ b;
    s[1] = b ^ (s[2] ?? 0);
    s[0] = a ^ (s[3] ?? 0);
    s[2] = (s[2] ?? 0) ^ (b << 9);
    const e = s[3] ?? 0;
    s[3] = (e << 11) | (e >>> 21);
    return result;
  }

  /** Uniform in [0, 1), 24 bits so that it is exact in float32. */
  uniform(): number {
    return (this.nextUint32() >>> 8) / 0x1000000;
  }

  /** Standard normal (Box–Muller). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }

  /** Uniform integer in [0, limit). */
  below(limit: number): number {
    return Math.floor((this.nextUint32() / 0x100000000) * limit);
  }

  /** Fisher–Yates, in place. */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const held = items[i];
      items[i] = items[j];
      items[j] = held;
    }
    return items;
  }

  get state(): readonly number[] {
    return [...this.#state];
  }

  static fromState(state: readonly number[]): Random {
    if (state.length !== 4) throw new Error(`random state: expected 4 integers, got ${state.length}`);
    const random = new Random(0);
    random.#state = Uint32Array.from(state);
    return random;
  }
}
