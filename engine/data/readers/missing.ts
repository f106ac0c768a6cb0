/** What files write where nothing was measured, in any case. */
export const usualMissing = [
  'NA',
  'N/A',
  'n.a.',
  'NaN',
  '-NaN',
  'NaT',
  'null',
  'nil',
  'None',
  '?',
  '-',
  '--',
  '.',
  '..',
  '#N/A',
  '#NA',
  '<NA>',
  '\\N',
  'missing',
] as const;

const usual = new Set(usualMissing.map((word) => word.toLowerCase()));

/**
 * Whether a cell says that there is no value.
 *
 * @param words the reader's own; `null` takes the usual ones, which in a column of texts may be words like any other
 */
export function isMissing(cell: string, words: readonly string[] | null): boolean {
  const trimmed = cell.trim();
  if (trimmed === '') return true;
  if (words === null) return trimmed.length <= 7 && usual.has(trimmed.toLowerCase());
  return words.some((word) => word.trim() === trimmed);
}

/** Whether there are values, and at least 95 % of them match. */
export function mostlyKnown(cells: readonly string[], matches: (cell: string) => boolean): boolean {
  const known = cells.filter((cell) => !isMissing(cell, null));
  return known.length > 0 && known.filter(matches).length >= 0.95 * known.length;
}
