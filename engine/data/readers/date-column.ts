import type { DateOrder } from '../../document/data-binding.ts';
import { UserError } from '../../protocol/envelope.ts';
import { cellText } from './column-kind.ts';
import { areClocks, detectDateOrder, parseDate } from './dates.ts';
import { sampleColumns } from './guessed-reader.ts';
import type { OpenedFile, ResolvedReader } from './open-reader.ts';
import type { SourceRecord } from './record.ts';

/** Where the dates of a series stand, and how they are read. */
export interface DateColumn {
  readonly column: string;
  /** Column with the times of day beside it. */
  readonly clock: string | null;
  readonly order: DateOrder;
  readonly timeOf: (row: SourceRecord) => number | null;
  readonly warnings: readonly string[];
}

/**
 * The column that dates the rows of a series, as chosen or else the first that holds dates; a column with times of day beside it is
 * read with it.
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
  if (found === undefined) {
    if (timeColumn === undefined) return null;
    throw new UserError({
      code: 'column-missing',
      message: `there is no column “${timeColumn}”; the file has ${opened.columns.map((column) => `“${column}”`).join(', ')}`,
      hint: 'Choose the column with the dates in the Data panel.',
    });
  }
  const texts = found.cells.map(cellText);
  const dayOnly = texts.every((text) => !text.includes(':'));
  const clockAt = dayOnly ? columns.findIndex(({ cells }) => areClocks(cells.map(cellText))) : -1;
  const detected = detectDateOrder(texts);
  const order = opened.reader.dateOrder ?? detected.order;
  const asked = opened.reader.dateOrder === undefined && !detected.sure;
  const example = texts.find((text) => text !== '') ?? '';
  return {
    column: found.name,
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
