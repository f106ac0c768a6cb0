import type { GatheredSeries } from './prepare-windows.ts';
import type { RowRange } from './windows.ts';

/** Rows in the order of their files and groups and, inside each, of time. */
export interface TimeOrder {
  /** Row of the source at each place `[N]`; `null` where they are in order already. */
  readonly order: Uint32Array | null;
  /** Places of each group of a file; all of them where there is one file, and nothing tells groups apart. */
  readonly groups: readonly RowRange[];
  /** What was found, in the user's words. */
  readonly warnings: readonly string[];
}

/** A step is a jump from this many times the usual step on: months differ by less. */
const jump = 1.5;

/** @param column that the dates are of; `null` where rows are taken in the file's order */
export function timeOrder(
  { lines, files, groups, times }: Pick<GatheredSeries, 'lines' | 'files' | 'groups' | 'times'>,
  column: string | null,
): TimeOrder {
  const count = lines.length;
  const rowsOf = new Map<string, number[]>();
  for (let row = 0; row < count; row++) {
    const group = groups[row] ?? null;
    const key = group === null ? `${files[row]}` : `${files[row]} ${group}`;
    const held = rowsOf.get(key);
    if (held) held.push(row);
    else rowsOf.set(key, [row]);
  }
  const order = new Uint32Array(count);
  const ranges: RowRange[] = [];
  const seen = { unread: 0, reversed: 0, unsorted: 0, same: 0, jumps: 0, first: '' };
  let to = 0;
  for (const rows of rowsOf.values()) {
    const start = to;
    if (column !== null) sort(rows, times, seen);
    for (const row of rows) order[to++] = row;
    ranges.push({ start, end: to });
    if (column !== null) findJumps(rows, times, seen);
  }
  const moved = order.some((row, place) => row !== place);
  return {
    order: moved ? order : null,
    groups: ranges,
    warnings: column === null ? [] : inWords(seen, column, rowsOf.size === new Set(files).size),
  };
}

interface Seen {
  unread: number;
  reversed: number;
  unsorted: number;
  same: number;
  jumps: number;
  first: string;
}

function sort(rows: number[], times: ArrayLike<number>, seen: Seen): void {
  const time = (row: number): number => times[row] ?? Number.NaN;
  const unread = rows.filter((row) => Number.isNaN(time(row))).length;
  seen.unread += unread;
  // Rows whose date nobody can read have no place in an order.
  if (unread > 0) return;
  let up = 0;
  let down = 0;
  for (let i = 1; i < rows.length; i++) {
    const step = time(rows[i] ?? 0) - time(rows[i - 1] ?? 0);
    if (step > 0) up++;
    else if (step < 0) down++;
  }
  if (down > 0 && up === 0) {
    seen.reversed++;
    // Rows of one time stood newest first, too.
    rows.reverse();
  } else if (down > 0) {
    seen.unsorted++;
    // Rows of one time stay in the order of the file: sorting is stable.
    rows.sort((a, b) => time(a) - time(b));
  }
  for (let i = 1; i < rows.length; i++) if (time(rows[i] ?? 0) === time(rows[i - 1] ?? 0)) seen.same++;
}

function findJumps(rows: readonly number[], times: ArrayLike<number>, seen: Seen): void {
  const steps = rows.slice(1).map((row, i) => (times[row] ?? Number.NaN) - (times[rows[i] ?? 0] ?? Number.NaN));
  const usual = steps.filter((step) => step > 0).sort((a, b) => a - b);
  const middle = usual[Math.floor(usual.length / 2)] ?? Number.NaN;
  steps.forEach((step, i) => {
    if (!(step > jump * middle)) return;
    seen.jumps++;
    if (seen.first === '') seen.first = `after ${dateText(times[rows[i] ?? 0])} comes ${dateText(times[rows[i + 1] ?? 0])}`;
  });
}

const dateText = (time: number | undefined): string =>
  new Date(time ?? 0)
    .toISOString()
    .replace('T', ' ')
    .replace(/((:00)?\.000)?Z$/, '')
    .replace(/ 00:00$/, '');

/** @param alone whether nothing tells several series in a file apart */
function inWords(seen: Seen, column: string, alone: boolean): string[] {
  const found: string[] = [];
  if (seen.unread > 0)
    found.push(
      `${seen.unread} ${seen.unread === 1 ? 'row has' : 'rows have'} no date in “${column}” that can be read: the series keeps the order of the file.`,
    );
  if (seen.reversed > 0) found.push(`The rows are newest first: they are sorted by “${column}”, oldest first.`);
  if (seen.unsorted > 0) found.push(`The rows are not in the order of “${column}”: they are sorted by it.`);
  if (seen.same > 0 && alone)
    found.push(
      `${seen.same} ${seen.same === 1 ? 'row has' : 'rows have'} the same “${column}” as the row before: if the file holds several series, choose the column that tells them apart as “Keep together”.`,
    );
  if (seen.jumps > 0)
    found.push(
      `“${column}” jumps in ${seen.jumps} ${seen.jumps === 1 ? 'place' : 'places'} (first: ${seen.first}): windows that reach over one read its ends as neighbours.`,
    );
  return found;
}
