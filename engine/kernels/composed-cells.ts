import type { CellProgram } from '../cells/cell-program.ts';
import { type Excess, wayOut, wordsOf } from '../cells/program/limits.ts';

const told = new Set<string>();

/** Remembers that a cell was too large for what would have run it as one piece, so that its operations run one after the other. */
export function tellComposed(program: CellProgram, excess: Excess): void {
  const states = program.states.map(({ name, width }) => `${name} of ${width}`).join(', ');
  told.add(
    `A cell (${states} units) is too large to run as one piece here: ${wordsOf(excess)}. Its steps take their operations one after the other, which is several times slower. To change that, ${wayOut(excess)}.`,
  );
}

/** What was told since the last time, for a person. */
export function takeComposed(): readonly string[] {
  if (told.size === 0) return [];
  const all = [...told];
  told.clear();
  return all;
}
