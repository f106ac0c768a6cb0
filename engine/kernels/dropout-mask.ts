import type { Random } from '../random.ts';

/**
 * Factors of inverted dropout: 0 with probability `rate`, else 1 / (1 - rate). One number is drawn from `random` for the whole mask
 * and then hashed with each element's index, so that a mask costs a few nanoseconds per element and is the same on every backend.
 */
export function dropoutMask(size: number, rate: number, random: Random): Float32Array {
  const mask = new Float32Array(size);
  const key = random.nextUint32();
  const threshold = rate * 0x100000000;
  const kept = 1 / (1 - rate);
  for (let i = 0; i < size; i++) {
    let z = Math.imul(i + 1, 0x9e3779b9) ^ key;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    mask[i] = (z ^ (z >>> 15)) >>> 0 < threshold ? 0 : kept;
  }
  return mask;
}
