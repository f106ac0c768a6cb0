import { splitQuoted } from './delimited.ts';

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
    const counts = new Map<number, number>();
    for (const line of looked) {
      const split = splitQuoted(line, delimiter);
      if (split.kind === 'cells') counts.set(split.cells.length, (counts.get(split.cells.length) ?? 0) + 1);
    }
    const first = looked[0] === undefined ? undefined : splitQuoted(looked[0], delimiter);
    const [width, rows] = [...counts.entries()].sort((a, b) => b[1] - a[1])[0] ?? [1, 0];
    if (width < 2) continue;
    // The header is written by whoever knows the columns: agreeing with it counts for more than commas inside of texts.
    const agrees = first?.kind === 'cells' && first.cells.length === width ? 1 : 0;
    const score = rows / looked.length + agrees;
    if (score > bestScore + 1e-9) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}
