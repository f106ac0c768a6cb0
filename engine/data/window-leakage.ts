import type { DataReport } from '../protocol/data.ts';
import { SequenceHash } from './hash.ts';
import { findLeakage } from './leakage.ts';
import type { GatheredSeries } from './prepare-windows.ts';
import { splitIds, splitNames } from './split.ts';
import type { Turns } from './turns.ts';
import type { BySplit, Window } from './windows.ts';

const number = new Float64Array(1);
const halves = new Int32Array(number.buffer);

function addNumber(hash: SequenceHash, value: number): void {
  number[0] = value;
  for (const half of halves) hash.add(half);
}

/**
 * Windows of validation and test that stand, number for number, in an earlier split too: files that overlap in time. One in which
 * nothing changes tells nothing: a series may be zero for long.
 */
export async function findWindowLeakage(
  { inputs, targets, lines }: GatheredSeries,
  windows: BySplit<readonly Window[]>,
  turns: Turns,
): Promise<DataReport['leakage']> {
  const all = splitNames.flatMap((split) => windows[split]);
  const assignment = Uint8Array.from(splitNames.flatMap((split) => windows[split].map(() => splitIds[split])));
  const hashes = new Float64Array(all.length);
  const width = inputs.length / lines.length;
  const wanted = targets.length / lines.length;
  for (const [i, { start, target }] of all.entries()) {
    const hash = new SequenceHash();
    let flat = true;
    for (let row = start; row <= target; row++) {
      for (let k = 0; k < width; k++) {
        const value = inputs.at(row * width + k);
        flat &&= value === inputs.at(start * width + k);
        addNumber(hash, value);
      }
      for (let k = 0; k < wanted; k++) addNumber(hash, targets.at(row * wanted + k));
    }
    hashes[i] = flat ? -1 - i : hash.value;
    if (turns.over) await turns.pass();
  }
  const leaking = await findLeakage(assignment, hashes, turns);
  const excerpt = (window: Window | undefined): string => {
    if (window === undefined) return '';
    const shown = Math.min(window.target, window.start + 20);
    return Array.from({ length: shown - window.start }, (_unused, step) => inputs.at((window.start + step) * width)).join(' ');
  };
  return { count: leaking.length, examples: leaking.slice(0, 5).map((i) => excerpt(all[i])) };
}
