import type { Hash } from 'node:crypto';
import { extname } from 'node:path';
import type { ReaderSettings } from '../../document/data-binding.ts';
import { ConllParser } from './conll.ts';
import { DelimitedParser } from './delimited.ts';
import { detectDelimiter } from './delimiter.ts';
import { checkEncoding, detectEncoding } from './encoding.ts';
import { detectHeader } from './header.ts';
import { JsonlParser, parseObject } from './jsonl.ts';
import { LineSplitter, longestLine, readLines, textDecoder } from './lines.ts';
import type { ReadRow, RecordParser, SourceRecord } from './record.ts';
import { excerpt, isRecord } from './record.ts';
import type { FileSample } from './sample.ts';
import { TextParser, textColumns, WholeTextParser } from './text.ts';

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
  /** Whether bytes of the head do not fit its encoding. */
  readonly undecodable: boolean;
}

/** Rows that previews and guesses look at. */
const headRows = 1000;

/** Settles everything that `wanted` leaves open by looking at the file's sample. */
export function openReader(sample: FileSample, wanted: Partial<ReaderSettings>): OpenedFile {
  const encoding = wanted.encoding ? checkEncoding(wanted.encoding) : detectEncoding(sample);
  const decoder = textDecoder(encoding);
  const splitter = new LineSplitter();
  const lines = splitter.push(decoder.write(sample.head) + (sample.complete ? decoder.end() : ''));
  const rest = splitter.end();
  // A head that ends inside a line shows that line only when it is the only one.
  if (sample.complete || lines.length === 0) lines.push(...rest);
  const format = wanted.format ?? detectFormat(sample.path, lines);
  const delimiter = wanted.delimiter ?? (format === 'delimited' || format === 'series' ? detectDelimiter(lines) : ',');
  const unnamed = { format, encoding, delimiter, header: false };
  const firstRows = (count: number, columns: readonly string[]): ReadRow[] => {
    const parser = makeParser(unnamed, columns);
    const out: ReadRow[] = [];
    for (let i = 0; i < lines.length && out.length < count; i++) pushLine(parser, lines[i] ?? '', i + 1, out);
    if (out.length < count && sample.complete) parser.end(out);
    return out;
  };
  const delimited = format === 'delimited' || format === 'series';
  const probe = delimited ? firstRows(200, []).filter(isRecord) : [];
  const header = delimited && (wanted.header ?? detectHeader(probe.map((row) => row.cells.map(String))));
  const columns = columnNames(format, header, probe[0] ?? firstRows(1, []).find(isRecord), lines);
  const rows = firstRows(headRows + 1, columns);
  const reader: ResolvedReader = {
    format,
    encoding,
    delimiter,
    header,
    inputColumns: wanted.inputColumns ?? [],
    targetColumns: wanted.targetColumns ?? [],
    groupColumn: wanted.groupColumn ?? null,
  };
  const undecodable = lines.some((line) => line.includes('\ufffd'));
  return { sample, reader, columns, head: header ? withoutHeader(rows) : rows.slice(0, headRows), undecodable };
}

export interface RowBlock {
  readonly rows: readonly ReadRow[];
  /** Bytes read so far. */
  readonly bytes: number;
  /** Characters so far that the encoding could not decode. */
  readonly undecodable: number;
}

/**
 * Streams all rows of the file, without its header.
 *
 * @param options.whole of plain text: every line with its end, for a running text
 */
export async function* readRows(
  file: OpenedFile,
  options: { readonly signal?: AbortSignal | undefined; readonly hash?: Hash; readonly whole?: boolean } = {},
): AsyncGenerator<RowBlock> {
  const parser = options.whole === true ? new WholeTextParser() : makeParser(file.reader, file.columns);
  let header = file.reader.header;
  let bytes = 0;
  let undecodable = 0;
  for await (const block of readLines(file.sample.path, file.reader.encoding, options)) {
    let rows: ReadRow[] = [];
    block.lines.forEach((text, i) => {
      if (text.includes('\ufffd')) undecodable++;
      pushLine(parser, text, block.first + i, rows, block.open && i === block.lines.length - 1);
    });
    if (header && rows.length > 0) {
      rows = withoutHeader(rows);
      header = false;
    }
    bytes = block.bytes;
    yield { rows, bytes, undecodable };
  }
  const last: ReadRow[] = [];
  parser.end(last);
  yield { rows: header ? withoutHeader(last) : last, bytes, undecodable };
}

function pushLine(parser: RecordParser, text: string, line: number, out: ReadRow[], open = false): void {
  if (text.length > longestLine) {
    out.push({ line, reason: `longer than ${longestLine.toLocaleString('en')} characters: ${excerpt(text)}` });
  } else {
    parser.push(text, line, out, open);
  }
}

/** The header is the first record; bad rows before it stay reported. */
function withoutHeader(rows: readonly ReadRow[]): ReadRow[] {
  const at = rows.findIndex(isRecord);
  return rows.filter((_row, i) => i !== at);
}

function makeParser(reader: Pick<ResolvedReader, 'format' | 'delimiter'>, columns: readonly string[]): RecordParser {
  switch (reader.format) {
    case 'delimited':
    case 'series':
      return new DelimitedParser(reader.delimiter);
    case 'jsonl':
      return new JsonlParser(columns);
    case 'conll':
      return new ConllParser();
    case 'text':
      return new TextParser();
  }
}

function columnNames(
  format: ReaderSettings['format'],
  header: boolean,
  first: SourceRecord | undefined,
  lines: readonly string[],
): readonly string[] {
  if (format === 'text') return textColumns;
  if (format === 'jsonl') return jsonKeys(lines);
  const names = (first?.cells ?? []).map((cell, i) => (header && typeof cell === 'string' ? cell.trim() : `#${i}`));
  // A second column of the same name stays reachable.
  return names.map((name, i) => (names.indexOf(name) === i && name !== '' ? name : `${name}#${i}`));
}

/** Keys of the first objects, in order of appearance. */
function jsonKeys(lines: readonly string[]): string[] {
  const keys = new Set<string>();
  for (const line of lines.slice(0, headRows)) {
    const object = line.trim() === '' ? '' : parseObject(line);
    if (typeof object !== 'string') for (const key of Object.keys(object)) if (keys.size < 512) keys.add(key);
  }
  return [...keys];
}

/** By content first: an extension is only a name. */
function detectFormat(path: string, lines: readonly string[]): ReaderSettings['format'] {
  const filled = lines.filter((line) => line.trim() !== '').slice(0, 50);
  if (filled.length > 0 && filled.filter((line) => typeof parseObject(line) !== 'string').length > filled.length / 2)
    return 'jsonl';
  switch (extname(path).toLowerCase()) {
    case '.csv':
    case '.tsv':
    case '.tab':
      return 'delimited';
    case '.jsonl':
    case '.ndjson':
    case '.json':
      return 'jsonl';
    case '.conll':
    case '.conllu':
    case '.iob':
    case '.bio':
      return 'conll';
  }
  return looksLikeConll(lines) ? 'conll' : looksDelimited(filled) ? 'delimited' : 'text';
}

/** Short lines of equally many columns, with empty lines between sentences. */
function looksLikeConll(lines: readonly string[]): boolean {
  const inside = lines.slice(0, -1);
  const empty = inside.filter((line) => line.trim() === '').length;
  const widths = new Set(
    lines
      .filter((line) => line.trim() !== '' && !line.startsWith('#') && !line.startsWith('-DOCSTART-'))
      .map((line) => line.trim().split(/\s+/).length),
  );
  return empty > 0 && widths.size === 1 && !widths.has(1);
}

function looksDelimited(lines: readonly string[]): boolean {
  const delimiter = detectDelimiter(lines);
  const widths = lines.map((line) => line.split(delimiter).length);
  const usual = widths[0] ?? 1;
  return usual > 1 && (delimiter === '\t' || widths.filter((width) => width === usual).length >= lines.length * 0.9);
}
