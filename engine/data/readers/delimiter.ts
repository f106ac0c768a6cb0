import { isDate } from './dates.ts';
import { splitLine } from './dialect.ts';
import { isMissing, mostlyKnown } from './missing.ts';
import { looksNumeric } from './number-format.ts';

const candidates = ['\t', ',', ';', '|'] as const;

/**
 * The delimiter that cuts most of the first lines into the same number (more than one) of cells; spaces in a table of numbers, or as R
 * writes it. A comma where nothing fits: the file then has one column.
 */
export function detectDelimiter(lines: readonly string[]): string {
  if (spacedNumbers(lines) || spacedQuotes(lines)) return ' ';
  const looked = filled(lines);
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
  return bestScore === 0 && betweenTwoSpaces(looked) ? '  ' : best;
}

/** Whether two spaces stand once in each line, as between words and their sounds in the dictionary of CMU. */
const betweenTwoSpaces = (lines: readonly string[]): boolean =>
  lines.length >= 10 && lines.every((line) => /^\S+ {2}\S+(?: \S+)*$/.test(line));

const filled = (lines: readonly string[]): string[] => lines.filter((line) => line.trim() !== '').slice(0, 200);

/**
 * Whether spaces cut the lines, but for those before the first numbers, into a table: two rows and more of one width without another
 * delimiter, and numbers or dates in most columns. Words between spaces are a text, and groups of three digits may be thousands.
 */
export function spacedNumbers(lines: readonly string[]): boolean {
  const looked = filled(lines);
  if (looked.some((line) => /[\t;|]|, | ,/.test(line.trim())) || betweenCommas(looked)) return false;
  const all = looked.map((line) => line.trim().split(/ +/));
  const rows = all.slice(Math.max(1, all.findIndex(mostNumbers)));
  const width = rows[0]?.length ?? 1;
  const even = rows.filter((row) => row.length === width);
  if (width < 2 || even.length < 2 || even.length < 0.95 * rows.length) return false;
  if (even.every((row) => row.slice(1).every((cell) => /^\d{3}(?:[.,]\d*)?$/.test(cell)))) return false;
  const columns = Array.from({ length: width }, (_unused, i) => even.map((row) => row[i] ?? ''));
  const of = (matches: (cell: string) => boolean) => columns.filter((cells) => mostlyKnown(cells, matches)).length;
  const numbers = of(looksNumeric);
  return numbers > 0 && numbers + of(isDate) > width / 2;
}

/** Whether commas cut the lines evenly into numbers and dates: `Mon Apr  6 22:19:45 2009,47`. */
function betweenCommas(lines: readonly string[]): boolean {
  const rows = lines.map((line) => line.split(','));
  const width = rows[0]?.length ?? 1;
  const clean = (cell: string): boolean =>
    isMissing(cell, null) || isDate(cell) || (looksNumeric(cell) && !cell.trim().includes(' '));
  return width > 1 && rows.every((row, i) => row.length === width && (i === 0 || row.every(clean)));
}

/**
 * Whether the lines are a table as R's `write.table` writes it: spaces between cells, all texts in quotes, and a header that may lack
 * the name of the first column.
 */
function spacedQuotes(lines: readonly string[]): boolean {
  const [header = [], ...rows] = filled(lines).map(quotedOrBare);
  const width = rows[0]?.length ?? 0;
  const whole = (cell: string): boolean =>
    /^".*"$/.test(cell) || looksNumeric(cell) || isMissing(cell, null) || /^(TRUE|FALSE)$/.test(cell);
  return (
    rows.length > 1 &&
    width > 1 &&
    (header.length === width || header.length === width - 1) &&
    rows.every((row) => row.length === width && row.every(whole)) &&
    rows.every((row) => row.some((cell) => cell.startsWith('"')))
  );
}

const quotedOrBare = (line: string): readonly string[] =>
  /^(?:(?:"(?:[^"]|"")*"|[^\s"]+)(?: +|$))+$/.test(line.trim()) ? (line.match(/"(?:[^"]|"")*"|[^\s"]+/g) ?? []) : [];

/** Whether more than half of the cells are numbers. */
export const mostNumbers = (cells: readonly string[]): boolean => cells.filter(looksNumeric).length > cells.length / 2;
