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
  const earliest = new Map<number, number>();
  for (let i = 0; i < assignment.length; i++) {
    const split = assignment[i] ?? splitIds.unused;
    const hash = hashes[i] ?? 0;
    const known = earliest.get(hash);
    if (known === undefined || split < known) earliest.set(hash, split);
    if (turns.over) await turns.pass();
  }
  const leaking: number[] = [];
  for (let i = 0; i < assignment.length; i++) {
    const split = assignment[i] ?? splitIds.unused;
    if (split !== splitIds.unused && split > (earliest.get(hashes[i] ?? 0) ?? split)) leaking.push(i);
    if (turns.over) await turns.pass();
  }
  return leaking;
}
