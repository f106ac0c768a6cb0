import type { DateOrder } from '../../document/data-binding.ts';
import { cellText } from './column-kind.ts';
import { columnMissing } from './column-missing.ts';
import { findDateParts, findHours, joinDate } from './date-parts.ts';
import { areClocks, detectDateOrder, parseDate } from './dates.ts';
import type { SampledColumn } from './guess-task.ts';
import { sampleColumns } from './guessed-reader.ts';
import { parseNumber } from './number-format.ts';
import type { OpenedFile, ResolvedReader } from './open-reader.ts';
import type { SourceRecord } from './record.ts';

/** Where the dates of a series stand, and how they are read. */
export interface DateColumn {
  /** Its name; of several the names, between commas. */
  readonly column: string;
  /** The columns whose cells make the date, from the year on, where it is no single one. */
  readonly parts: readonly string[] | null;
  /** Column with the times of day beside it. */
  readonly clock: string | null;
  readonly order: DateOrder;
  readonly timeOf: (row: SourceRecord) => number | null;
  readonly warnings: readonly string[];
}

/**
 * The column that dates the rows of a series, as chosen or else the first that holds dates; a column with times of day, or hours,
 * beside it is read with it. Where no column holds dates, those for year, month and so on are one.
 *
 * @throws UserError `column-missing`
 */
export function findDates(opened: OpenedFile, reader: ResolvedReader): DateColumn | null {
  const { timeColumn } = opened.reader;
  if (timeColumn === null) return null;
  const columns = sampleColumns(opened);
  const used = new Set([...reader.inputColumns, ...reader.targetColumns]);
  const at = columns.findIndex(({ name, kind, cells }) =>
    timeColumn === undefined ? kind === 'date' && !used.has(name) && !areClocks(cells.map(cellText)) : name === timeColumn,
  );
  const found = columns[at];
  const parts = timeColumn === undefined && found !== undefined ? [] : findDateParts(columns);
  const isTarget = parts.some((name) => reader.targetColumns.includes(name));
  if (parts.length > 0 && !isTarget && (timeColumn === undefined || parts.includes(timeColumn))) return fromParts(parts, columns);
  if (found === undefined) {
    if (timeColumn === undefined) return null;
    throw columnMissing(timeColumn, opened.columns, 'Choose the column with the dates in the Data panel.');
  }
  const texts = found.cells.map(cellText);
  const dayOnly = texts.every((text) => !text.includes(':'));
  const clockAt = dayOnly ? clockIn(columns) : -1;
  const detected = detectDateOrder(texts);
  const order = opened.reader.dateOrder ?? detected.order;
  const asked = opened.reader.dateOrder === undefined && !detected.sure;
  const example = texts.find((text) => text !== '') ?? '';
  return {
    column: found.name,
    parts: null,
    clock: columns[clockAt]?.name ?? null,
    order,
    timeOf: (row) => {
      const day = cellText(row.cells[at] ?? '').trim();
      const time = clockAt < 0 ? '' : ` ${cellText(row.cells[clockAt] ?? '').trim()}`;
      return parseDate(day + time, order);
    },
    warnings: asked
      ? [
          `Dates such as ${example} in “${found.name}” can be read day first or month first, and nothing in the file decides: they are read month first. Choose the date order under Reading.`,
        ]
      : [],
  };
}

/** Place of the times of day, or else of the hours; -1 where there are none. */
function clockIn(columns: readonly SampledColumn[]): number {
  const clocks = columns.findIndex(({ cells }) => areClocks(cells.map(cellText)));
  const hours = findHours(columns);
  return clocks >= 0 || hours === undefined ? clocks : columns.indexOf(hours);
}

function fromParts(parts: readonly string[], columns: readonly SampledColumn[]): DateColumn {
  const places = parts.map((name) => columns.findIndex((column) => column.name === name));
  const order = 'month-first';
  return {
    column: parts.join(', '),
    parts,
    clock: null,
    order,
    timeOf: (row) => parseDate(joinDate(places.map((at) => cellText(row.cells[at] ?? ''))), order),
    warnings: [],
  };
}

/** Rows whose fall is no chance: of independent values one in 10! stands so. */
const fallAtLeast = 10;

/**
 * Says where a series without dates seems to stand newest first: a column of times that are no dates to us (seconds since 1970,
 * half-years) or one that is not trained on falls from each row to the next.
 */
export function newestFirst(opened: OpenedFile, reader: ResolvedReader): string[] {
  if (opened.reader.timeColumn !== undefined) return [];
  const used = new Set([...reader.inputColumns, ...reader.targetColumns]);
  const falling = sampleColumns(opened).find(
    ({ name, cells }) =>
      (!used.has(name) || /time|date|stamp|epoch|unix|year|quarter|month|day/i.test(name)) && falls(cells.map(cellText)),
  );
  return falling === undefined
    ? []
    : [
        `“${falling.name}” falls from each row to the next: if it is the time, the newest row stands first and the forecast looks backwards. Sort the rows by it, oldest first.`,
      ];
}

/** Columns of numbers that are names. */
const ownerNames = /(^|[_ -])(id|no|nr|user|subject|patient|series|store|shop|station|machine|unit|engine)$/i;

/** Rows of each series from which on it is told. */
const fewestRows = 3;

/**
 * Says where a table seems to hold several series one after the other: a column stays the same for many rows, and where it changes
 * another one, a time, begins anew.
 */
export function severalSeries(opened: OpenedFile, reader: ResolvedReader): string[] {
  if (reader.groupColumn !== null) return [];
  const used = new Set([...reader.inputColumns, ...reader.targetColumns]);
  const columns = sampleColumns(opened).map(({ name, kind, cells }) => ({ name, kind, texts: cells.map(cellText) }));
  const free = columns.filter(({ name }) => !used.has(name));
  const times = free.map(({ name, texts }) => ({ name, falls: fallsIn(texts.map(moment)) }));
  for (const { name, kind, texts } of free) {
    // A year with its months, or a date with its hours, is one series.
    if (kind === 'date' || (kind === 'number' && !ownerNames.test(name))) continue;
    const changes = texts.flatMap((text, i) => (i > 0 && text !== texts[i - 1] ? [i] : []));
    const series = new Set(texts).size;
    if (series < 2 || changes.length !== series - 1 || texts.length < fewestRows * series) continue;
    const time = times.find((one) => one.name !== name && one.falls?.join() === changes.join());
    if (time !== undefined)
      return [
        `The file seems to hold ${series === 2 ? 'two' : 'several'} series one after the other: “${time.name}” begins anew where “${name}” changes. To keep them apart, choose “${name}” as “Keep together”.`,
      ];
  }
  return [];
}

const moment = (text: string): number => parseNumber(text) ?? parseDate(text, 'day-first') ?? Number.NaN;

/** Where numbers fall; `null` where one of them is none. */
const fallsIn = (values: readonly number[]): number[] | null =>
  values.some(Number.isNaN) ? null : values.flatMap((value, i) => (i > 0 && value < (values[i - 1] ?? value) ? [i] : []));

const falls = (texts: readonly string[]): boolean =>
  texts.length >= fallAtLeast &&
  texts.every((text, i) => i === 0 || inNumbers.compare(text, texts[i - 1] ?? '') < 0) &&
  texts.every((text) => /\d/.test(text));
const inNumbers = new Intl.Collator('en', { numeric: true });
