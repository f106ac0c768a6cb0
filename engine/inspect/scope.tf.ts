import { tidy } from '@tensorflow/tfjs-core';

/** Runs something that leaves no tensor behind: what it returns holds none. */
export function inScope<T>(work: () => T): T {
  const found: T[] = [];
  tidy(() => {
    found.push(work());
  });
  return found[0] as T;
}
