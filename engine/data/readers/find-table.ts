import type { ReaderSettings } from '../../document/data-binding.ts';
import { isDate } from './dates.ts';
import { DelimitedParser, type TableForm } from './delimited.ts';
import { detectDelimiter, mostNumbers, spacedNumbers } from './delimiter.ts';
import type { Dialect } from './dialect.ts';
import { countHeaderRows, detectHeader, isUsual } from './header.ts';
import { looksNumeric } from './number-format.ts';
import type { ReadRow, SourceRecord } from './record.ts';
import { isRecord } from './record.ts';

/** How a table lies in its file, nothing left open. */
export interface TableLayout extends Dialect {
  readonly comment: string;
  /** Stands at the end of rows and belongs to no cell; empty where nothing does. */
  readonly rowEnd: string;
  /** Lines before the table. */
  readonly skipLines: number;
  readonly header: boolean;
  /** Records of the header. */
  readonly headerRows: number;
  /** Cells of a row; `null` where there is no row. */
  readonly width: number | null;
  /** Names of the columns as the header has them; none without a header. */
  readonly names: readonly string[];
  /** Whether rows begin with a cell that the header has no name for. */
  readonly rowNames?: boolean;
}

const lookedLines = 400;
const mostSkipped = 60;
const commentSigns = ['#', '%', '//', '!', ';;;'] as const;

/** The rows with those of the header as one, the words of each column joined. */
function joinedHeader(rows: readonly (readonly string[])[], count: number): readonly (readonly string[])[] {
  if (count < 2) return rows;
  const header = rows.slice(0, count);
  const width = Math.max(...header.map((row) => row.length));
  const words = (column: number): string[] => header.map((row) => (row[column] ?? '').trim()).filter((word) => word !== '');
  return [Array.from({ length: width }, (_unused, column) => [...new Set(words(column))].join(' ')), ...rows.slice(count)];
}

/** Finds out what `wanted` leaves open from the file's first lines. */
export function findTable(lines: readonly string[], wanted: Partial<ReaderSettings>): TableLayout {
  const chosen = wanted.skipLines ?? null;
  const separator = chosen === null ? separatorLine(lines[0] ?? '') : null;
  const start = chosen ?? (separator === null ? 0 : 1);
  const first = lines.slice(start, start + lookedLines);
  const comment = wanted.comment ?? leadingComment(first, wanted.delimiter ?? separator);
  const looked = without(comment, first);
  const delimiter = wanted.delimiter ?? separator ?? detectDelimiter(looked);
  const rowEnd = wanted.rowEnd ?? usualEnd(looked, delimiter);
  const dialect = findDialect(first, { delimiter, comment, rowEnd }, wanted);
  const records = read(first, { ...dialect, comment, rowEnd, width: null, header: false }).filter(isRecord);
  const usual = usualWidth(records);
  const ahead = delimiter === ' ' && spacedNumbers(looked) ? beforeNumbers : preamble;
  const skipped = chosen === null ? ahead(records, usual) : 0;
  const table = records.slice(skipped);
  const cells = table.map((record, i) => (i === 0 ? rejoined(record, usual) : record).cells.map(String));
  const even = squared(cells.slice(0, 200), usual);
  const found = wanted.headerRows ?? ((wanted.header ?? null) === null ? countHeaderRows(even) : 1);
  const header = wanted.header ?? detectHeader([...even.slice(0, 1), ...even.slice(found)]);
  const headerRows = header ? found : 1;
  const skipLines = skipped === 0 ? start : start + (table[0]?.line ?? 1) - 1;
  return {
    ...dialect,
    comment,
    rowEnd,
    skipLines,
    header,
    headerRows,
    ...columnsOf(joinedHeader(cells, headerRows), header, usual),
  };
}

/** Lines without the comments that stand before the first row. */
export const withoutComments = (lines: readonly string[]): readonly string[] => without(leadingComment(lines, null), lines);

const without = (comment: string, lines: readonly string[]): readonly string[] =>
  comment === '' ? lines : lines.filter((line) => !line.startsWith(comment));

/** A semicolon at the end of most lines that tells no cells apart. */
function usualEnd(lines: readonly string[], delimiter: string): string {
  const filled = lines.filter((line) => line.trim() !== '');
  const ended = filled.filter((line) => line.trimEnd().endsWith(';')).length;
  return delimiter !== ';' && ended > 1 && ended >= 0.8 * filled.length ? ';' : '';
}

/** Excel's first line `sep=;` names the delimiter. */
const separatorLine = (line: string): string | null => /^"?sep=(.)"?[;,\s]*$/i.exec(line)?.[1] ?? null;

/** The sign that the lines before the table begin with, when these are no rows and no header (`#id,name`). */
function leadingComment(lines: readonly string[], delimiter: string | null): string {
  const top = lines.find((line) => line.trim() !== '') ?? '';
  const sign = commentSigns.find((candidate) => top.startsWith(candidate));
  if (sign === undefined) return '';
  const filled = lines.filter((line) => line.trim() !== '');
  const leading = filled.findIndex((line) => !line.startsWith(sign));
  if (leading < 0) return '';
  const rows = filled.slice(leading);
  const by = delimiter ?? detectDelimiter(rows);
  const width = cellCount(rows[0] ?? '', by);
  const marked = filled.slice(0, leading);
  // Rows of one column may begin with the sign by chance: there, only a block of lines above the rows counts.
  if (width === 1) return rows.some((line) => line.startsWith(sign)) ? '' : sign;
  const named = by === ' ' ? marked.filter((line) => line[sign.length] !== ' ') : marked;
  return named.some((line) => cellCount(line, by) === width) ? '' : sign;
}

const cellCount = (line: string, delimiter: string): number =>
  delimiter === ' ' ? line.trim().split(/[ \t]+/).length : line.split(delimiter).length;

/** The way of quoting that reads most of the lines as rows of one width. */
function findDialect(
  lines: readonly string[],
  signs: Pick<TableForm, 'delimiter' | 'comment' | 'rowEnd'>,
  wanted: Partial<ReaderSettings>,
): Dialect {
  const { delimiter } = signs;
  const quotes = wanted.quotes
    ? [wanted.quotes]
    : ([
        'doubled',
        ...(lines.some(hasEscape) ? (['backslash'] as const) : []),
        ...(lines.some((line) => line.startsWith("'") || line.includes(`${delimiter}'`)) ? (['single'] as const) : []),
      ] as const);
  const spaced = lines.some((line) => line.includes(`${delimiter} "`));
  const trims = (wanted.trim ?? null) === null ? [false, ...(spaced ? [true] : [])] : [wanted.trim === true];
  return trims
    .flatMap((trim) => quotes.map((one): Dialect => ({ delimiter, quotes: one, trim })))
    .map((dialect) => {
      const records = read(lines, { ...signs, ...dialect, width: null, header: false }).filter(isRecord);
      const width = usualWidth(records);
      const good = records.filter((record) => record.cells.length === width && width > 1);
      const kept = good.filter((record) => record.cells.some((cell) => /^ +["']/.test(String(cell)))).length;
      return { dialect, score: good.length - 0.5 * kept - (dialect.quotes !== 'single' && inSingleQuotes(good) ? 0.5 : 0) };
    })
    .reduce((best, one) => (one.score > best.score ? one : best)).dialect;
}

/** Whether all cells of a column stand in single quotes, as no text does by chance. */
function inSingleQuotes(rows: readonly SourceRecord[]): boolean {
  const [first] = rows;
  if (first === undefined || rows.length < 3) return false;
  return first.cells.some((_cell, i) => rows.every(({ cells }) => /^'.*'$/s.test(String(cells[i]))));
}

const hasEscape = (line: string): boolean => line.includes('\\');

function read(lines: readonly string[], form: TableForm): ReadRow[] {
  const parser = new DelimitedParser(form);
  const out: ReadRow[] = [];
  lines.forEach((line, i) => {
    parser.push(line, i + 1, out);
  });
  parser.end(out);
  return out;
}

function usualWidth(records: readonly SourceRecord[]): number {
  const counts = new Map<number, number>();
  for (const { cells } of records) counts.set(cells.length, (counts.get(cells.length) ?? 0) + 1);
  return [...counts.entries()].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1;
}

/** Records before the table: narrower than its rows, or one cell that a spreadsheet has filled up with empty ones. */
function preamble(records: readonly SourceRecord[], width: number): number {
  if (width < 2) return 0;
  const near = (record: SourceRecord): boolean => Math.abs(rejoined(record, width).cells.length - width) <= 1;
  const begin = records.findIndex((record) => !isNote(record, width) && (near(record) || namesColumns(record, records[1])));
  // Over two columns, `text,` may also be a header without its second name.
  const fewest = width === 2 && records[0]?.cells.length === 2 ? 2 : 1;
  return begin >= fewest && begin <= mostSkipped && records.length - begin >= 3 && steady(records, begin, width) ? begin : 0;
}

/** Records before the first numbers, but for the names of the columns: words between spaces may be of any count. */
function beforeNumbers(records: readonly SourceRecord[], width: number): number {
  const begin = records.findIndex(({ cells }) => mostNumbers(cells.map(String)));
  const before = records[begin - 1]?.cells.length;
  const named = before === width || (before === width - 1 && beginWithNames(records.slice(begin), width));
  return Math.max(0, named ? begin - 1 : begin);
}

/** Whether the first cells name the rows, each its own, or count them from 1, as R writes them under a header without that column. */
function beginWithNames(records: readonly SourceRecord[], width: number): boolean {
  const names = records.filter(({ cells }) => cells.length === width).map(({ cells }) => String(cells[0]));
  const counted = names.every((name, i) => name === String(i + 1));
  return counted || (new Set(names).size === names.length && !names.some(looksNumeric));
}

/** Names of columns, by custom, over a row that has none: over texts whose commas stand in no quotes, there are fewer than cells. */
const namesColumns = ({ cells }: SourceRecord, next: SourceRecord | undefined): boolean =>
  cells.length > 1 && cells.map(String).every(isUsual) && next?.cells.map(String).some(isUsual) === false;

function isNote({ cells }: SourceRecord, width: number): boolean {
  const filled = cells.filter((cell) => String(cell).trim() !== '').length;
  return cells.length < width ? filled < 2 : filled <= 1 && String(cells.at(-1)).trim() === '';
}

const steady = (records: readonly SourceRecord[], from: number, width: number): boolean => {
  const rest = records.slice(from + 1);
  return rest.filter((record) => record.cells.length === width).length >= 0.8 * rest.length;
};

/** Rows of the usual width, the first of any. */
const squared = (rows: readonly (readonly string[])[], width: number): (readonly string[])[] => {
  const [first, ...rest] = rows;
  if (first === undefined) return [];
  const ahead = Array.from({ length: width - first.length === 1 && !rest.every(endsEmpty) ? 1 : 0 }, () => '');
  return [[...ahead, ...first], ...rest.filter((row) => row.length === width)];
};

const isDateName = (name: string): boolean => /^(date|day|time|datetime|timestamp|month)$/i.test(name.trim());

const endsEmpty = (row: readonly string[]): boolean => (row.at(-1) ?? '').trim() === '';

/** Names that a comma inside of them has cut, `temp (C, mean)`: what follows begins with a space, or a bracket is open before it. */
function rejoined(record: SourceRecord, width: number): SourceRecord {
  if (record.cells.length <= width) return record;
  const whole: string[] = [];
  for (const name of record.cells.map(String)) {
    const last = whole.at(-1);
    if (last !== undefined && (name.startsWith(' ') || /[([][^)\]]*$/.test(last))) whole[whole.length - 1] = `${last},${name}`;
    else whole.push(name);
  }
  return whole.length === width ? { ...record, cells: whole } : record;
}

/**
 * Width of the rows and names of their columns. Rows that are one cell wider than the header end in a delimiter, or begin with a name of
 * the row, as R writes them.
 */
function columnsOf(
  rows: readonly (readonly string[])[],
  header: boolean,
  usual: number,
): Pick<TableLayout, 'width' | 'names' | 'rowNames'> {
  const [first, ...rest] = rows;
  if (first === undefined) return { width: null, names: [] };
  if (!header) return { width: usual, names: [] };
  const body = rest.filter((row) => row.length === usual);
  if (first.length === usual - 1) {
    const cut = isDateName(first[0] ?? '') && body.every(([cell = '']) => isDate(cell));
    // Where dates stand under the first name, it is another cell that is cut in two: `2024-01-31,1,5`.
    if (cut || body.every(endsEmpty)) return { width: first.length, names: first };
    return { width: usual, names: ['', ...first], rowNames: true };
  }
  const unnamed = first.length > usual && first.slice(usual).every((name) => name.trim() === '');
  return unnamed ? { width: usual, names: first.slice(0, usual) } : { width: first.length, names: first };
}
