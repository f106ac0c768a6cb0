import { parseNumber } from './number.ts';

const usualNames = new Set(
  'text label class category target tag tags token tokens sentence sentiment word words title message body review content comment date time timestamp day id index input output value score rating y x name'.split(
    ' ',
  ),
);

/**
 * Whether the first row names the columns: its cells are filled, short, different and no numbers, and it stands apart from the
 * rows below by a usual name or by heading a column of numbers.
 */
export function detectHeader(rows: readonly (readonly string[])[]): boolean {
  const [first, ...rest] = rows;
  if (!first || first.some((cell) => cell.trim() === '' || cell.length > 60 || parseNumber(cell) !== null)) return false;
  const names = first.map((cell) => cell.trim().toLowerCase());
  if (new Set(names).size < names.length) return false;
  if (names.some((name) => usualNames.has(name))) return true;
  if (rest.length === 0) return names.length > 1 && names.every((name) => !name.includes(' '));
  const numeric = (column: number): boolean =>
    rest.every((row) => (row[column] ?? '') === '' || parseNumber(row[column] ?? '') !== null);
  if (first.some((_cell, column) => numeric(column))) return true;
  const recurs = first.some((cell, column) => rest.some((row) => row[column] === cell));
  return !recurs && names.every((name) => /^[\p{L}_][\p{L}\p{N}_.-]*$/u.test(name));
}
