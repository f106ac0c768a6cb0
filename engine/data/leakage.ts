import { splitIds } from './split.ts';
import type { Turns } from './turns.ts';

/**
 * Validation and test examples whose input also stands in an earlier split (train before validation before test): a model can
 * answer those from memory, so they flatter it.
 *
 * @param assignment split of each example `[N]`
 * @param hashes hash of each example's input `[N]`
 * @returns indices of the leaking examples, in file order
 */
export async function findLeakage(assignment: Uint8Array, hashes: ArrayLike<number>, turns: Turns): Promise<number[]> {
  // Open addressing, at most half full: a map of a million numbers is slow to fill and to ask.
  const places = 2 ** Math.ceil(Math.log2(2 * assignment.length + 2));
  const held = new Float64Array(places).fill(Number.NaN);
  const earliest = new Uint8Array(places);
  const placeOf = (hash: number): number => {
    let place = hash & (places - 1);
    while (held[place] !== hash && !Number.isNaN(held[place])) place = (place + 1) & (places - 1);
    return place;
  };
  for (let i = 0; i < assignment.length; i++) {
    const split = assignment[i] ?? splitIds.unused;
    const hash = hashes[i] ?? 0;
    const place = placeOf(hash);
    if (held[place] !== hash || split < (earliest[place] ?? 0)) earliest[place] = split;
    held[place] = hash;
    if (turns.over) await turns.pass();
  }
  const leaking: number[] = [];
  for (let i = 0; i < assignment.length; i++) {
    const split = assignment[i] ?? splitIds.unused;
    // Nothing is earlier than training.
    if (split === splitIds.train || split === splitIds.unused) continue;
    if (split > (earliest[placeOf(hashes[i] ?? 0)] ?? split)) leaking.push(i);
    if (turns.over) await turns.pass();
  }
  return leaking;
}
