/**
 * 53-bit hash built up from integers: equal sequences have equal hashes, and different ones practically never do
 * (a million different texts collide with probability below 1 in 10,000).
 */
export class SequenceHash {
  #a = 0x243f6a88;
  #b = 0x85a308d3;

  add(value: number): void {
    this.#a = Math.imul(this.#a ^ value, 0x9e3779b1);
    this.#a = (this.#a << 13) | (this.#a >>> 19);
    this.#b = Math.imul(this.#b ^ (value + 0x7f4a7c15), 0x85ebca77);
    this.#b = (this.#b << 17) | (this.#b >>> 15);
  }

  /** Each of the first values. */
  addAll(values: Int32Array, count: number): void {
    for (let i = 0; i < count; i++) this.add(values[i] ?? 0);
  }

  /** A number that float64 holds exactly. */
  get value(): number {
    const a = mix(this.#a ^ (this.#b >>> 7));
    const b = mix(this.#b ^ (this.#a >>> 11));
    return (a >>> 11) * 0x100000000 + (b >>> 0);
  }
}

function mix(value: number): number {
  let z = value;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return z ^ (z >>> 15);
}

export function hashText(text: string): number {
  const hash = new SequenceHash();
  for (let i = 0; i < text.length; i++) hash.add(text.charCodeAt(i));
  return hash.value;
}
