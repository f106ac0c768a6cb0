import type { ReaderSettings } from '../document/data-binding.ts';
import { findSplitColumn, isInStretches } from '../document/split-names.ts';
import type { DataPreview } from '../protocol/data.ts';
import { aboutColumns } from './about-columns.ts';
import { ambiguity } from './column-numbers.ts';
import { filesBeside } from './files-beside.ts';
import { translationBeside } from './parallel-files.ts';
import type { BadRow } from './raw-example.ts';
import { cellText } from './readers/column-kind.ts';
import type { SampledColumn } from './readers/guess-task.ts';
import { guessFile, sampleColumns } from './readers/guessed-reader.ts';
import { type OpenedFile, openData, readingNotes } from './readers/open-reader.ts';
import { isRecord } from './readers/record.ts';

const shownRows = 50;
const shownBadRows = 20;
const longestCell = 400;

/**
 * First look at a file: reads its head and a few pieces, never the whole, so 200 MB open as fast as 2 kB.
 *
 * @param reader what the user has settled already; the rest is detected
 * @throws UserError when the file is missing, empty, binary or not readable
 */
export async function previewFile(path: string, reader: Partial<ReaderSettings> = {}): Promise<DataPreview> {
  const opened = await openData(path, reader);
  const columns = sampleColumns(opened);
  const splits = findSplitColumn(columns.map(({ name, cells }) => ({ name, cells: cells.map(cellText) })));
  const guess = guessFile(opened, reader.splitColumn === undefined ? splits : reader.splitColumn);
  const records = opened.head.filter(isRecord);
  const badRows = opened.head.filter((row): row is BadRow => !isRecord(row));
  const chosen = (wanted: readonly string[] | undefined, guessed: readonly string[]): string[] => [
    ...(wanted && wanted.length > 0 ? wanted : guessed),
  ];
  const mapping = {
    inputColumns: chosen(reader.inputColumns, guess.inputColumns),
    targetColumns: chosen(reader.targetColumns, guess.targetColumns),
  };
  const fits =
    guess.task !== 'forecasting' || isInStretches(columns.find(({ name }) => name === splits)?.cells.map(cellText) ?? []);
  const splitColumn = reader.splitColumn === undefined && fits ? splits : (reader.splitColumn ?? null);
  const warnings: string[] = [];
  if (records.length === 0) warnings.push('There are no rows: the file holds only a header, or every row is bad.');
  if (opened.columns.length === 1) {
    warnings.push(
      'There is one column. Training needs an input and a target: choose another delimiter, or add a column with the label.',
    );
  }
  if (opened.reader.format === 'text' && columns.find((column) => column.name === 'label')?.kind === 'empty') {
    warnings.push(
      'Plain text without labels: a language model learns to write like it. To classify, start each line with __label__NAME, or use CSV, TSV or JSONL with a label column.',
    );
  }
  if (
    (opened.reader.format === 'delimited' || opened.reader.format === 'arff') &&
    guess.task === 'sequence-classification' &&
    guess.inputColumns.length > 1 &&
    !columns.some(({ name, kind }) => kind === 'text' && guess.inputColumns.includes(name))
  ) {
    warnings.push(
      'Each row is taken as a label and one series. If each row is a step in time instead, choose “Forecast a series” as the task.',
    );
  }
  warnings.push(
    ...aboutColumns(guess.task, columns, { ...reader, ...mapping, splitColumn }),
    ...readingWarnings(opened, columns),
  );
  if (opened.reader.format === 'text') warnings.push(...(await translationBeside(path)));
  if (opened.undecodable) warnings.push(`Some characters are not ${opened.reader.encoding}: choose another encoding.`);
  return {
    path,
    bytes: opened.sample.bytes,
    reader: {
      ...opened.reader,
      ...commonFormat(opened, columns),
      ...(splitColumn === null ? {} : { splitColumn }),
      ...mapping,
    },
    task: guess.task,
    columns: columns.map((column) => {
      const texts = column.cells.map(cellText);
      return {
        name: column.name,
        kind: column.kind,
        distinct: opened.sample.complete && records.length < 1000 ? new Set(texts).size : null,
        sample: [...new Set(texts)].slice(0, 5).map(shorten),
      };
    }),
    rows: records.slice(0, shownRows).map((record) => record.cells.map((cell) => shorten(cellText(cell)))),
    badRows: badRows.slice(0, shownBadRows).map(({ line, reason }) => ({ line, reason })),
    badRowCount: badRows.length,
    warnings,
    beside: await filesBeside(path),
  };
}

/** The format that all columns of numbers share, where they tell it. */
function commonFormat(
  { formats, reader }: OpenedFile,
  columns: readonly SampledColumn[],
): Partial<Pick<ReaderSettings, 'decimal' | 'thousands'>> {
  const told = formats.filter((format, i) => columns[i]?.kind === 'number' && format.settled);
  const [first] = told;
  if (first === undefined || reader.format === 'jsonl' || reader.decimal !== null || reader.thousands !== null) return {};
  const signs = new Set(told.map(({ thousands }) => thousands).filter((sign) => sign !== ''));
  if (signs.size > 1 || told.some(({ decimal, question }) => decimal !== first.decimal || question !== null)) return {};
  return { decimal: first.decimal, thousands: [...signs][0] ?? '' };
}

/** What can be read in two ways, and what was left out before the table. */
function readingWarnings(opened: OpenedFile, kinds: readonly SampledColumn[]): string[] {
  const { formats, columns } = opened;
  const found = formats.flatMap(({ question }, i) =>
    question !== null && kinds[i]?.kind === 'number' ? [ambiguity(columns[i] ?? '', question.cell)] : [],
  );
  return [...found.map(({ message, hint }) => `${message}. ${hint}`), ...readingNotes(opened)];
}

const shorten = (text: string): string => (text.length > longestCell ? `${text.slice(0, longestCell)}…` : text);
