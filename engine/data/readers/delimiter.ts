import { isDate } from './dates.ts';
import { splitLine } from './dialect.ts';
import { isMissing } from './missing.ts';
import { looksNumeric } from './number-format.ts';

const candidates = ['\t', ',', ';', '|'] as const;

/**
 * The delimiter that cuts most of the first lines into the same number (more than one) of cells. A comma where nothing fits: the
 * file then has one column.
 */
export function detectDelimiter(lines: readonly string[]): string {
  const looked = lines.filter((line) => line.trim() !== '').slice(0, 200);
  let best = ',';
  let bestScore = 0;
  for (const delimiter of candidates) {
    const splits = looked.map((line) => splitLine(line, { delimiter, quotes: 'doubled', trim: false }));
    const counts = new Map<number, number>();
    for (const split of splits)
      if (split.kind === 'cells') counts.set(split.cells.length, (counts.get(split.cells.length) ?? 0) + 1);
    const first = splits[0];
    const [width, rows] = [...counts.entries()].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    if (width < 2) continue;
    // The header is written by whoever knows the columns: agreeing with it counts for more than commas inside of texts.
    const agrees = first?.kind === 'cells' && first.cells.length === width ? 1 : 0;
    // `1,5;2,5` is cut evenly by either sign: only one of them leaves numbers.
    const cells = splits.flatMap((split) => (split.kind === 'cells' && split.cells.length === width ? split.cells : []));
    const clean = cells.filter((cell) => looksNumeric(cell) || isMissing(cell, null) || isDate(cell)).length / cells.length;
    const score = rows / looked.length + agrees + 0.1 * clean;
    if (score > bestScore + 1e-9) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}
