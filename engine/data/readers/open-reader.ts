import type { Hash } from 'node:crypto';
import { type ReaderSettings, readerSettings } from '../../document/data-binding.ts';
import { ArffParser, arffColumns, arffKind } from './arff.ts';
import { AsciiCutter } from './ascii-cutter.ts';
import type { ColumnKind } from './column-kind.ts';
import { columnMissing } from './column-missing.ts';
import { ConllParser } from './conll.ts';
import { DelimitedParser } from './delimited.ts';
import { detectFormat } from './detect-format.ts';
import { checkEncoding, detectEncoding } from './encoding.ts';
import { findTable, type TableLayout } from './find-table.ts';
import { isUtf8, LineSplitter, longestLine, readLines, textDecoder, UndecodableCount } from './lines.ts';
import { MixedLines } from './mixed-lines.ts';
import { type FoundFormat, findFormats } from './number-format.ts';
import { type JsonLayout, jsonParser, openJson, widestHead } from './open-json.ts';
import { readPieces } from './pieces.ts';
import type { ReadRow, RecordParser } from './record.ts';
import { excerpt, isRecord } from './record.ts';
import { type FileSample, readSample } from './sample.ts';
import { findSentences, SentenceRows, sentenceNote } from './sentences.ts';
import { TextParser, textColumns, WholeTextParser } from './text.ts';
import { TsParser, tsColumns } from './ts-file.ts';

/** How a file is read, nothing left open; the input and target columns may still be empty. */
export interface ResolvedReader extends ReaderSettings {
  readonly encoding: string;
  readonly delimiter: string;
  readonly header: boolean;
}

/** A file whose format is settled, with its first rows. */
export interface OpenedFile {
  readonly sample: FileSample;
  readonly reader: ResolvedReader;
  readonly columns: readonly string[];
  readonly head: readonly ReadRow[];
  /** Of JSON alone. */
  readonly json: JsonLayout | null;
  /** What the columns hold, where the file itself says it. */
  readonly declared: readonly (ColumnKind | null)[];
  /** How each column writes its numbers. */
  readonly formats: readonly FoundFormat[];
  /** Whether rows of a table begin with a cell that its header has no name for. */
  readonly rowNames: boolean;
  /** Whether nothing in the file settles its encoding: in one of a byte a character, every file is text. */
  readonly encodingGuessed: boolean;
  /** Whether bytes of the head do not fit its encoding. */
  readonly undecodable: boolean;
}

/** Good rows that previews and guesses look at. */
const headRows = 1000;

/**
 * Settles everything that `wanted` leaves open by looking at the file's sample.
 *
 * @param like a file of the same data: what JSON holds is called as there
 */
export function openReader(sample: FileSample, wanted: Partial<ReaderSettings>, like?: OpenedFile): OpenedFile {
  const encoding = wanted.encoding ? checkEncoding(wanted.encoding) : detectEncoding(sample);
  const decoder = textDecoder(encoding);
  const splitter = new LineSplitter();
  const decoded = decoder.write(sample.head) + (sample.complete ? decoder.end() : '');
  const lost = new UndecodableCount(encoding);
  lost.add(sample.head, decoded);
  const lines = splitter.push(decoded);
  const rest = splitter.end();
  // A head that ends inside a line shows that line only when it is the only one.
  if (sample.complete || lines.length === 0) lines.push(...rest);
  const format = wanted.format ?? detectFormat(sample.path, lines);
  const layout = format === 'delimited' || format === 'series' ? findTable(lines, wanted) : null;
  const json = format === 'jsonl' ? openJson(lines, sample, headRows, like?.json?.columns) : null;
  const attributes = format === 'arff' ? arffColumns(lines) : null;
  const columns = json?.columns.map(({ name }) => name) ?? columnNames(format, layout, lines, attributes);
  const told: ResolvedReader = {
    ...readerSettings.parse({ ...wanted, format }),
    encoding,
    delimiter: wanted.delimiter ?? layout?.delimiter ?? ',',
    header: layout?.header ?? false,
    ...(layout && {
      skipLines: layout.skipLines,
      comment: layout.comment,
      quotes: layout.quotes,
      trim: layout.trim,
      ...(layout.rowEnd !== '' ? { rowEnd: layout.rowEnd } : {}),
      ...(layout.headerRows > 1 ? { headerRows: layout.headerRows } : {}),
    }),
    ...((format === 'arff' || format === 'ts') && { decimal: '.', thousands: '' }),
  };
  const headBy = (reader: ResolvedReader): readonly ReadRow[] => headOf(lines, { reader, columns, json }, sample.complete);
  const single = headBy({ ...told, sentenceColumn: null });
  const found = layout && wanted.sentenceColumn === undefined ? findSentences(columns, single.filter(isRecord)) : null;
  const reader = found === null ? told : { ...told, sentenceColumn: found };
  const head = (reader.sentenceColumn ?? null) === null ? single : headBy(reader);
  const formats = findFormats(columnTexts(columns.length, head), {
    delimiter: layout ? reader.delimiter : '',
    wanted: { decimal: reader.decimal, thousands: reader.thousands },
  });
  const declared = (attributes ?? []).map(({ type }) => arffKind[type]);
  const encodingGuessed = !wanted.encoding && !encoding.startsWith('utf');
  const rowNames = layout?.rowNames ?? false;
  return { sample, reader, columns, json, declared, head, formats, rowNames, encodingGuessed, undecodable: lost.count > 0 };
}

/** The first rows. @param complete whether the lines are all of the file's */
function headOf(
  lines: readonly string[],
  file: Pick<OpenedFile, 'reader' | 'columns' | 'json'>,
  complete: boolean,
): readonly ReadRow[] {
  const rows: ReadRow[] = [];
  const parser = makeParser(file);
  let records = 0;
  for (let i = file.reader.skipLines ?? 0; i < lines.length && records <= headRows; i++) {
    const before = rows.length;
    pushLine(parser, lines[i] ?? '', i + 1, rows);
    records += rows.slice(before).filter(isRecord).length;
  }
  if (records <= headRows && complete) parser.end(rows);
  return toRecord(headRows, file.reader.header ? withoutHeader(rows) : rows);
}

/** A guessed encoding, what is left out before and between the rows of a table, and what is put together, in the user's words. */
export function readingNotes({
  reader,
  json,
  declared,
  rowNames,
  encodingGuessed,
}: Pick<OpenedFile, 'reader' | 'json' | 'declared' | 'rowNames' | 'encodingGuessed'>): string[] {
  const { encoding, skipLines, comment, sentenceColumn, headerRows = 1, quotes, rowEnd } = reader;
  const skipped = skipLines ?? 0;
  return [
    ...(encodingGuessed ? [`The encoding is guessed: ${encoding}. Choose another one if letters look wrong.`] : []),
    ...(skipped > 0
      ? [`${skipped} ${skipped === 1 ? 'line' : 'lines'} before the table ${skipped === 1 ? 'is' : 'are'} skipped.`]
      : []),
    ...(headerRows > 1
      ? [
          `${headerRows} rows are taken as the header, their words joined to the columns’ names. If they hold data, set the rows of the header to 1.`,
        ]
      : []),
    ...(rowNames
      ? ['The header has one name less than rows have cells: the first column, “#0”, is taken to name the rows.']
      : []),
    ...(rowEnd ? [`The “${rowEnd}” at the end of each row is left out.`] : []),
    ...(quotes === 'single' ? ['Cells stand in single quotes, which are left out.'] : []),
    ...(sentenceColumn ? [sentenceNote(sentenceColumn)] : []),
    ...(comment ? [`Lines that begin with “${comment}” are comments, and skipped.`] : []),
    ...(json?.leftOut ?? []),
    ...(declared.includes('tokens')
      ? [
          'In relational attributes, each line is a dimension of the series, and its values are the steps (as in the UEA archive).',
        ]
      : []),
  ];
}

/**
 * Opens a file by its head; by more of it where that holds no object that would tell the columns.
 *
 * @throws UserError as `readSample` and `openReader`
 */
export async function openData(path: string, wanted: Partial<ReaderSettings>, like?: OpenedFile): Promise<OpenedFile> {
  const opened = openReader(await readSample(path), wanted, like);
  if (opened.json === null || opened.columns.length > 0 || opened.sample.complete) return opened;
  return openReader(await readSample(path, widestHead), wanted, like);
}

/** Most cells that are looked at for their number format. */
const mostFormatCells = 60_000;

/** `[column][row]`; lists have numbers of their own. */
function columnTexts(width: number, head: readonly ReadRow[]): string[][] {
  const rows = head.filter(isRecord).slice(0, Math.ceil(mostFormatCells / Math.max(1, width)));
  return Array.from({ length: width }, (_unused, i) =>
    rows.map((row) => row.cells[i] ?? '').filter((cell) => typeof cell === 'string'),
  );
}

export interface RowBlock {
  readonly rows: readonly ReadRow[];
  /** Bytes of the file read so far. */
  readonly bytes: number;
  /** Characters so far that the encoding could not decode. */
  readonly undecodable: number;
}

interface RowOptions {
  readonly signal?: AbortSignal | undefined;
  readonly hash?: Hash;
  /** Of plain text: every line with its end, for a running text. */
  readonly whole?: boolean;
  /** Column whose cells are wanted as bytes where they are ASCII and no lists. */
  readonly ascii?: number | null;
}

/** Streams all rows of the file, without its header. */
export async function* readRows(file: OpenedFile, options: RowOptions = {}): AsyncGenerator<RowBlock> {
  const parser: RecordParser = options.whole === true ? new WholeTextParser() : makeParser(file);
  const skipped = file.reader.skipLines ?? 0;
  let header = file.reader.header;
  const { path } = file.sample;
  const { encoding } = file.reader;
  let line = 0;
  let bytes = 0;
  let undecodable = 0;
  let rows: ReadRow[] = [];
  const texts = (lines: readonly string[], open: boolean): void =>
    lines.forEach((text, i) => {
      const last = open && i === lines.length - 1;
      line++;
      if (line > skipped) pushLine(parser, text, line, rows, last);
      if (last) line--;
    });
  const block = (): RowBlock => {
    const found = header ? withoutHeader(rows) : rows;
    if (rows.length > 0) header = false;
    rows = [];
    return { rows: found, bytes, undecodable };
  };
  const column = options.ascii ?? null;
  if (column !== null && parser.cutAscii !== undefined && isUtf8(encoding)) {
    const cutter = new AsciiCutter(parser, column, file.columns.length);
    const ascii = (from: Buffer, start: number, end: number): boolean => {
      const row = line < skipped ? null : cutter.row(from, start, end, line + 1);
      if (row === null) return false;
      line++;
      rows.push(row);
      return true;
    };
    const lines = new MixedLines({ texts, ascii });
    for await (const { piece, read } of readPieces(path, options)) {
      lines.push(piece);
      bytes = read;
      undecodable = lines.undecodable;
      yield block();
    }
    lines.end();
    undecodable = lines.undecodable;
  } else {
    const parts = parser.anywhere === true;
    for await (const read of readLines(path, encoding, { ...options, parts })) {
      texts(read.lines, read.open);
      ({ bytes, undecodable } = read);
      yield block();
    }
  }
  parser.end(rows);
  yield block();
}

function pushLine(parser: RecordParser, text: string, line: number, out: ReadRow[], open = false): void {
  if (text.length > longestLine && parser.anywhere !== true) {
    out.push({ line, reason: `longer than ${longestLine.toLocaleString('en')} characters: ${excerpt(text)}` });
  } else {
    parser.push(text, line, out, open);
  }
}

/** Rows up to a record, counted from 1, with the bad ones between. */
function toRecord(count: number, rows: readonly ReadRow[]): readonly ReadRow[] {
  let records = 0;
  const end = rows.findIndex((row) => isRecord(row) && ++records === count);
  return end < 0 ? rows : rows.slice(0, end + 1);
}

/** The header is the first record; bad rows before it stay reported. */
function withoutHeader(rows: readonly ReadRow[]): ReadRow[] {
  const at = rows.findIndex(isRecord);
  return rows.filter((_row, i) => i !== at);
}

function makeParser({ reader, columns, json }: Pick<OpenedFile, 'reader' | 'columns' | 'json'>): RecordParser {
  switch (reader.format) {
    case 'delimited':
    case 'series':
      return inSentences(
        new DelimitedParser({
          delimiter: reader.delimiter,
          quotes: reader.quotes ?? 'doubled',
          trim: reader.trim ?? false,
          comment: reader.comment ?? '',
          rowEnd: reader.rowEnd ?? '',
          width: columns.length > 0 ? columns.length : null,
          header: reader.header,
          headerRows: reader.headerRows ?? 1,
        }),
        reader,
        columns,
      );
    case 'jsonl':
      return jsonParser(json);
    case 'conll':
      return new ConllParser();
    case 'text':
      return new TextParser();
    case 'ts':
      return new TsParser();
    case 'arff':
      return new ArffParser();
  }
}

/** @throws UserError `column-missing` when the reader names a column that the file lacks */
function inSentences(rows: RecordParser, reader: ResolvedReader, columns: readonly string[]): RecordParser {
  const { sentenceColumn = null, groupColumn, splitColumn } = reader;
  if (sentenceColumn === null) return rows;
  const sentence = columns.indexOf(sentenceColumn);
  if (sentence < 0) {
    throw columnMissing(sentenceColumn, columns, 'Choose it under Reading in the Data panel.', 'that tells sentences apart');
  }
  const same = [groupColumn, splitColumn].map((name) => columns.indexOf(name ?? '')).filter((i) => i >= 0 && i !== sentence);
  return new SentenceRows(rows, { sentence, same }, columns, reader.header);
}

function columnNames(
  format: ReaderSettings['format'],
  layout: TableLayout | null,
  lines: readonly string[],
  attributes: readonly { readonly name: string }[] | null,
): readonly string[] {
  if (format === 'text') return textColumns;
  if (format === 'conll') return conllColumns(lines);
  if (format === 'ts') return tsColumns(lines);
  const names =
    attributes?.map(({ name }) => name.trim()) ??
    Array.from({ length: layout?.width ?? 0 }, (_unused, i) => layout?.names[i]?.trim() ?? '');
  // A column without a name, and a second one of the same, stay reachable.
  const seen = new Set(['']);
  return names.map((name, i) => {
    const own = !seen.has(name);
    seen.add(name);
    return own ? name : `${name}#${i}`;
  });
}

/** Places of the first sentence's columns. */
function conllColumns(lines: readonly string[]): string[] {
  const parser = new ConllParser();
  const rows: ReadRow[] = [];
  for (let i = 0; i < lines.length && !rows.some(isRecord); i++) parser.push(lines[i] ?? '', i + 1, rows);
  parser.end(rows);
  return rows.find(isRecord)?.cells.map((_cell, i) => `#${i}`) ?? [];
}
