import { isDate } from './dates.ts';
import { isMissing, mostlyKnown } from './missing.ts';
import { looksNumeric, parseNumber } from './number-format.ts';

const usualNames = new Set(
  'text label class category target tag tags token tokens sentence sentiment word words title message body review content comment date time timestamp datetime day id index input output value score rating y x name question answer source'.split(
    ' ',
  ),
);

/** What the first cell of a column says about the row it stands in. */
type Vote = 'header' | 'usual name' | 'row' | 'none';

/**
 * Whether the first row names the columns. It does where it stands apart from the rows below: words over numbers or dates, usual
 * names, words that the column below never holds although it has few different ones, or years and places counted up. Names may be
 * empty, alike and of any length.
 */
export function detectHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...others] = rows;
  if (!first) return false;
  // Files put together of several carry their header again.
  const rest = others.filter((row) => row.join('\n') !== first.join('\n'));
  const names = first.map((cell) => cell.trim());
  const filled = names.filter((name) => name !== '');
  if (filled.length === 0) return false;
  const counted = counting(names);
  if (counted !== null && !rest.some((row) => counting(row.map((cell) => cell.trim())) === counted)) return true;
  if (rest.length === 0) return !filled.some(looksNumeric) && (filled.some(isUsual) || plainNames(filled, names.length));
  const votes = names.map((name, column) =>
    vote(
      name,
      rest.map((row) => (row[column] ?? '').trim()),
    ),
  );
  const voted = (kind: Vote): boolean => votes.includes(kind);
  if (votes.some((one, column) => one === 'row' && !wordAmongWords(names[column] ?? ''))) return false;
  if (voted('header') || voted('usual name')) return true;
  return !voted('row') && plainNames(filled, names.length);
}

/**
 * How many rows the header has: units under the names, or the two levels of names (and the line with that of the index) that pandas
 * writes. Such a row has words or nothing where the rows below have numbers or dates, and these are at least half of the columns.
 */
export function countHeaderRows(all: readonly (readonly string[])[]): number {
  const [first = [], ...others] = all;
  const rows = [first, ...others.filter((row) => row.join('\n') !== first.join('\n'))];
  const fits = (count: number): boolean =>
    rows.length - count >= fewestBelow &&
    rows.slice(1, count).every((row) => belongsToHeader(row, rows.slice(count, count + 100), first.length));
  return [3, 2].find(fits) ?? 1;
}

/** Rows below a header of several rows that tell it apart from them. */
const fewestBelow = 3;

function belongsToHeader(row: readonly string[], below: readonly (readonly string[])[], width: number): boolean {
  let measured = 0;
  let words = 0;
  for (let column = 0; column < width; column++) {
    const cell = (row[column] ?? '').trim();
    const cells = below.map((one) => (one[column] ?? '').trim()).filter((one) => !isMissing(one, null));
    const matches = [looksNumeric, isDate].find((of) => mostlyKnown(cells, of));
    if (matches === undefined) {
      if (cell.length > 20 || (cell !== '' && cells.includes(cell))) return false;
      continue;
    }
    measured++;
    if (cell !== '' && (looksNumeric(cell) || isDate(cell) || isMissing(cell, null))) return false;
    if (cell !== '') words++;
  }
  return measured * 2 >= width && words > 0;
}

/** Whether a word is the name of a column in many tables. */
export const isUsual = (name: string): boolean => usualNames.has(name.trim().toLowerCase());
/** A word that recurs below is only a weak sign of a row: a header may stand over it all the same. */
const wordAmongWords = (name: string): boolean => !looksNumeric(name) && !isDate(name);

const plainNames = (filled: readonly string[], width: number): boolean =>
  width > 1 && new Set(filled).size === filled.length && filled.every((name) => /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name));

function vote(name: string, below: readonly string[]): Vote {
  const cells = below.filter((cell) => !isMissing(cell, null));
  if (name === '' || cells.length === 0) return isUsual(name) ? 'usual name' : 'none';
  for (const matches of [looksNumeric, isDate]) {
    if (!mostlyKnown(cells, matches)) continue;
    if (matches(name)) return 'row';
    return isMissing(name, null) ? 'none' : 'header';
  }
  const values = new Set(cells);
  if (values.has(name)) return 'row';
  if (isUsual(name)) return 'usual name';
  return cells.length >= 5 && values.size <= cells.length / 3 ? 'header' : 'none';
}

/** Years, or places from 0 or 1, as names: at least three whole numbers one after the other, and at most four names in front. */
function counting(names: readonly string[]): 'years' | 'places' | null {
  const start = names.findIndex((name) => /^\d+$/.test(name));
  if (start < 0 || start > 4 || names.length - start < 3) return null;
  // A delimiter at the end leaves a name that is empty.
  const end = names.findLastIndex((name) => name !== '') + 1;
  const numbers = names.slice(start, end).map(parseNumber);
  const begin = numbers[0] ?? Number.NaN;
  if (!numbers.every((number, i) => number === begin + i)) return null;
  if (begin <= 1) return 'places';
  return begin >= 1500 && begin <= 2200 ? 'years' : null;
}
