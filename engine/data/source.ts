import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { findTemplate } from '../../templates/registry.ts';
import { type DataBinding, isRunningText } from '../document/data-binding.ts';
import { type SourceFile, sourceFiles } from '../document/data-files.ts';
import type { SplitName } from '../document/split-names.ts';
import { missingShards, splitWords } from '../document/split-names.ts';
import { UserError } from '../protocol/envelope.ts';
import { aboutColumns } from './about-columns.ts';
import { readMedia } from './media/media-threads.ts';
import { refuseParallel, translationBeside } from './parallel-files.ts';
import type { BadRow, ColumnNames, RawExample } from './raw-example.ts';
import { isBadRow } from './raw-example.ts';
import { type DateColumn, findDates, newestFirst, severalSeries } from './readers/date-column.ts';
import { guessedReader, sampleColumns } from './readers/guessed-reader.ts';
import { type OpenedFile, openData, type ResolvedReader, readingNotes, readRows } from './readers/open-reader.ts';
import { isRecord } from './readers/record.ts';
import { suffixOf } from './readers/suffix.ts';
import type { Reading } from './reading.ts';
import { exampleMaker } from './record-examples.ts';
import { splitNames } from './split.ts';
import { alike, inFile, joined, ofSplit, together } from './split-files.ts';
import { Turns } from './turns.ts';

export interface SourceBlock {
  readonly rows: readonly (RawExample | BadRow)[];
  /** Share of the source that has been read, 0 … 1; `null` where the size is not known. */
  readonly fraction: number | null;
}

/** Where examples come from, file or template, one block at a time. */
export interface ExampleSource {
  readonly names: ColumnNames;
  /** Whether rows are the lines of one running text with their line ends; otherwise such a text is rows with line ends between. */
  readonly whole: boolean;
  /** The column whose dates sort a series; `null` where there is none. */
  readonly timeColumn: string | null;
  /** How the file is read; absent where a template makes the rows. */
  readonly reading?: Reading;
  /** Whether lists of numbers are tokens because the reading says so, and would be series otherwise. */
  readonly idsAsTokens?: boolean;
  /**
   * Reads the source once, from its start.
   *
   * @param ascii whether inputs may be `AsciiText`, for one who reads each row at once
   */
  blocks(ascii?: boolean): AsyncIterable<SourceBlock>;
  /** Of the contents; complete once all blocks were read. */
  hash(): string;
  /** What reading found that the user should know; complete once all blocks were read. */
  warnings(): readonly string[];
  /** What is left out on purpose. */
  readonly notes?: readonly string[];
}

/**
 * Opens the binding's source. Throws `UserError` for whatever keeps it from being read.
 *
 * @param only the one file to read, where there are several
 */
export async function openSource(binding: DataBinding, signal?: AbortSignal, only?: SplitName): Promise<ExampleSource> {
  const { source } = binding;
  if (source.kind === 'template') return templateSource(source.name, signal);
  // Tasks other than tagging took each row for an example before sentences were found in tables.
  const { sentenceColumn = binding.task === 'step-tagging' ? undefined : null } = source.reader;
  const training = await openData(source.path, { ...source.reader, sentenceColumn });
  if (training.json !== null && training.columns.length === 0) throw noObject(training);
  const mapping = guessedReader(training, source.reader, binding.task);
  const wanted = { ...training.reader, sentenceColumn: training.reader.sentenceColumn ?? null, encoding: source.reader.encoding };
  const open = async ({ role, path }: SourceFile): Promise<ExampleSource> => {
    if (path === source.path && role === 'train') return fileSource(binding, path, training, mapping, signal);
    const opened = alike(await openData(path, wanted, training), training);
    const own = role === 'train' ? mapping : { ...mapping, splitColumn: null };
    return inFile(path, () => fileSource(binding, path, opened, own, signal));
  };
  const files: { role: SplitName; name: string; source: ExampleSource }[] = [];
  const [beside = null] = training.reader.format === 'text' ? await translationBeside(source.path) : [];
  for (const role of splitNames) {
    const ofRole = sourceFiles(source).filter((one) => one.role === role);
    refuseParallel(ofRole.map((file) => file.path));
    const parts: { name: string; source: ExampleSource }[] = [];
    for (const file of ofRole) parts.push({ name: basename(file.path), source: await open(file) });
    const [first] = parts;
    if (first === undefined) continue;
    const whole = withMissing(joined(parts), missingShards(parts.map(({ name }) => name)));
    files.push({
      role,
      name: first.name,
      source: role === 'train' ? withMissing(whole, beside) : ofSplit(whole, role, first.name),
    });
  }
  const [first] = files;
  if (first === undefined) throw new Error('a source has a file for training');
  if (files.length === 1) return first.source;
  return together(only === undefined ? files : files.filter(({ role }) => role === only), first.source);
}

const withMissing = (source: ExampleSource, missing: string | null): ExampleSource =>
  missing === null ? source : { ...source, warnings: () => [...source.warnings(), missing] };

function fileSource(
  binding: DataBinding,
  path: string,
  opened: OpenedFile,
  mapping: ResolvedReader,
  signal: AbortSignal | undefined,
): ExampleSource {
  const { media } = binding;
  const read = media.kind === 'none' ? null : (cell: string) => readMedia(cell, path, media, signal);
  const dates = binding.task === 'forecasting' ? findDates(opened, mapping) : null;
  const maker = exampleMaker(binding.task, mapping, opened, read, dates?.timeOf);
  const hash = createHash('sha256');
  const whole = isRunningText(binding) && opened.reader.format === 'text';
  let undecodable = 0;
  return {
    whole,
    timeColumn: dates?.column ?? null,
    reading: readingOf(opened, mapping, dates),
    idsAsTokens: maker.idsAsTokens,
    notes: [
      ...readingNotes(opened),
      ...(dates?.parts ? [`The columns ${dates.column} are read as one date.`] : []),
      ...aboutColumns(binding.task, sampleColumns(opened), mapping),
    ],
    names: { inputs: mapping.inputColumns, targets: mapping.targetColumns },
    async *blocks(ascii = false) {
      const turns = new Turns(signal, 1);
      for await (const block of readRows(opened, { signal, hash, whole, ascii: ascii ? maker.asciiColumn : null })) {
        undecodable = block.undecodable;
        const fraction = block.bytes / opened.sample.bytes;
        let rows: (RawExample | BadRow)[] = [];
        for (const row of block.rows) {
          const made = maker.make(row);
          rows.push(made instanceof Promise ? await made : made);
          if (!turns.over) continue;
          yield { rows, fraction };
          rows = [];
          await turns.pass();
        }
        yield { rows, fraction };
      }
    },
    hash: () => hash.copy().digest('hex'),
    warnings: () => [
      ...(dates?.warnings ?? (binding.task === 'forecasting' ? newestFirst(opened, mapping) : [])),
      ...(binding.task === 'forecasting' ? severalSeries(opened, mapping) : []),
      ...(undecodable === 0
        ? []
        : [
            `${undecodable.toLocaleString('en')} ${undecodable === 1 ? 'character is' : 'characters are'} not ${opened.reader.encoding}: choose another encoding.`,
          ]),
      ...maker.warnings(),
    ],
  };
}

function readingOf(
  { reader, columns, formats, json, sample }: OpenedFile,
  mapping: ResolvedReader,
  dates: DateColumn | null,
): Reading {
  const used = [...mapping.inputColumns, ...mapping.targetColumns];
  const numbers = columns.flatMap((name, i) => {
    const format = used.includes(name) ? formats[i] : undefined;
    return format === undefined ? [] : [[name, { decimal: format.decimal, thousands: format.thousands }] as const];
  });
  return {
    format: reader.format,
    encoding: reader.encoding,
    delimiter: reader.delimiter,
    header: reader.header,
    headerRows: reader.headerRows ?? 1,
    skipLines: reader.skipLines ?? 0,
    comment: reader.comment ?? '',
    rowEnd: reader.rowEnd ?? '',
    quotes: reader.quotes ?? 'doubled',
    trim: reader.trim ?? false,
    missing: reader.missing,
    suffix: suffixOf(sample.path),
    columns: [...columns],
    mapping: { input: [...mapping.inputColumns], target: [...mapping.targetColumns] },
    paths: json === null ? null : Object.fromEntries(json.columns.map(({ name, path }) => [name, [...path]])),
    numbers: Object.fromEntries(numbers),
    sentence: reader.sentenceColumn ?? null,
    group: mapping.groupColumn,
    split: splitWords(mapping.splitColumn ?? null),
    time:
      dates === null
        ? null
        : {
            column: dates.column,
            clock: dates.clock,
            order: dates.order,
            ...(dates.parts === null ? {} : { parts: dates.parts }),
          },
  };
}

function noObject({ sample, head }: OpenedFile): UserError {
  const bad = head.filter((row): row is BadRow => !isRecord(row));
  const [first] = bad;
  const rows = bad.length === 1 ? 'row' : `${bad.length.toLocaleString('en')} rows`;
  return new UserError({
    code: 'no-good-row',
    message: `“${sample.path}”: expected JSON objects, but the first ${rows} cannot be read${first ? `; line ${first.line}: ${first.reason}` : ''}`,
    hint: 'Correct these rows, or choose another format in the Data panel.',
  });
}

const templateBlock = 500;

async function templateSource(name: string, signal: AbortSignal | undefined): Promise<ExampleSource> {
  const template = findTemplate(name);
  const hash = createHash('sha256');
  return {
    names: template.columns,
    whole: false,
    timeColumn: null,
    async *blocks() {
      // A row may be a picture to draw or a voice to synthesize, without any input or output in between.
      const turns = new Turns(signal, 1);
      let rows: (RawExample | BadRow)[] = [];
      for await (const row of template.rows()) {
        signal?.throwIfAborted();
        if (!isBadRow(row)) hash.update(JSON.stringify([row.input, row.target]));
        rows.push(row);
        if (rows.length < templateBlock && !turns.over) continue;
        yield { rows, fraction: null };
        rows = [];
        await turns.pass();
      }
      yield { rows, fraction: null };
    },
    hash: () => hash.copy().digest('hex'),
    warnings: () => [],
  };
}
