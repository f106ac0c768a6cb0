import type { Random } from '../engine/random.ts';

/** One of several, each as probable as the others. */
export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[random.below(from.length)];
  if (found === undefined) throw new Error('expected something to choose from');
  return found;
}
