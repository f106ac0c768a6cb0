import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { DataEncoding } from '../data/dataset.ts';
import { type TablesWithFiles, tablesWithFiles } from '../data/named-files.ts';
import { isBadRow, type RawExample } from '../data/raw-example.ts';
import type { Reading } from '../data/reading.ts';
import { openSource } from '../data/source.ts';
import { sourceFiles } from '../document/data-files.ts';
import { type SplitName, splitWords } from '../document/split-names.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { readWholeFile } from '../files/open-file.ts';
import type { SentFile } from '../files/sent-file.ts';
import { UserError } from '../protocol/envelope.ts';

/** What is sent of the files that rows name. Archives hold 65,535 files, and all of it is in memory once. */
const mostNamed = { files: 50_000, bytes: 1e9 };
/** Data of more bytes than this is not pressed together: it would take minutes, and most of it is pictures and recordings by then. */
export const mostPressed = 400 * 1024 * 1024;

/** Folder of the data in the project. */
export const dataFolder = 'files';

interface Content {
  readonly name: string;
  readonly content: Uint8Array;
}
type TableContent = Content & { readonly role: SplitName };

/**
 * The tables of data, with what their rows name; `null` where a template makes it.
 *
 * @throws UserError `ray-data`, `too-much-named`, and what keeps a table from being found
 */
export async function tablesToSend({
  binding,
  reading,
}: Pick<DataEncoding, 'binding' | 'reading'>): Promise<TablesWithFiles | null> {
  const { source, media } = binding;
  if (source.kind === 'template') return null;
  const { reader } = source;
  const named = reading?.mapping?.input[0] ?? reader.inputColumns[0];
  const column = media.kind === 'none' ? { column: null } : named === undefined ? {} : { column: named };
  const found = await tablesWithFiles(
    sourceFiles(source).map(({ path }) => ({ path, reader, ...column })),
    mostNamed,
  );
  if (found.whole > 0) {
    throw notSent(
      'its rows name files by whole paths, which a cluster’s machines have not',
      'Name them from the folder of the table: clips/one.wav.',
    );
  }
  return found;
}

/** Data as a job reads it. */
export interface SentData {
  /** By its place in the folder of the data. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** What `train.py` is given. */
  readonly arguments: readonly string[];
  readonly bytes: number;
}

/** @throws UserError as `tablesToSend`, and the disk's */
export async function dataToSend(encoding: DataEncoding): Promise<SentData> {
  const { tables, named } = await contentsOf(encoding);
  const files = Object.fromEntries([...tables, ...named].map(({ name, content }) => [name, content]));
  const bytes = Object.values(files).reduce((sum, { byteLength }) => sum + byteLength, 0);
  return { files, arguments: argumentsOf(tables), bytes };
}

/** The data alone, as an archive. */
export const zipData = ({ files, bytes }: SentData): Uint8Array => zip(files, bytes <= mostPressed ? usualLevel : 0);

/** Of the data's names and bytes. */
export function hashData({ files }: SentData): string {
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(files)) hash.update(`${name}\n${content.byteLength}\n`).update(content);
  return hash.digest('hex').slice(0, 40);
}

interface Contents {
  readonly tables: readonly TableContent[];
  readonly named: readonly Content[];
}

async function contentsOf(encoding: DataEncoding): Promise<Contents> {
  const found = await tablesToSend(encoding);
  if (found === null) return { tables: [await writtenTable(encoding)], named: [] };
  const roles = sourceFiles(encoding.binding.source).map(({ role }) => role);
  const tables: TableContent[] = [];
  for (const [i, table] of found.tables.entries()) tables.push({ role: roles[i] ?? 'train', ...(await contentOf(table)) });
  const named: Content[] = [];
  for (const file of found.named) named.push(await contentOf(file));
  return { tables, named };
}

const contentOf = async ({ path, name }: SentFile): Promise<Content> => ({
  name,
  content: await readWholeFile(path).catch((error: unknown) => {
    throw describeFileError(error, path);
  }),
});

/** Of each split the files that are read as one, in their order. */
const argumentsOf = (tables: readonly TableContent[]): string[] =>
  tables.flatMap(({ role, name }) => [...(role === 'train' ? [] : [`--${role}`]), `${dataFolder}/${name}`]);

/** A template's rows, which no file holds, as lines of JSON that `train.py` reads as the app reads the rows. */
async function writtenTable({ binding }: DataEncoding): Promise<TableContent> {
  const series = binding.task === 'forecasting';
  const lines: string[] = [];
  for await (const { rows } of (await openSource(binding)).blocks()) {
    for (const row of rows) {
      if (!isBadRow(row)) lines.push(JSON.stringify(writtenRow(row, series)));
      // Of a series it keeps its place in time.
      else if (series)
        lines.push(JSON.stringify({ input: null, target: null, group: row.group ?? '', split: row.split ?? 'train' }));
    }
  }
  return { role: 'train', name: 'rows.jsonl', content: bytesOf(`${lines.join('\n')}\n`) };
}

/** @param series whether a row is one step of a series; otherwise one without a group is a group of its own */
function writtenRow({ line, input, target, group, split }: RawExample, series: boolean): object {
  const given = series && input.kind === 'series' ? input.steps[0] : writtenInput(input);
  return { input: given, target: writtenTarget(target), group: group ?? (series ? '' : `line ${line}`), split: split ?? 'train' };
}

function writtenInput(input: RawExample['input']): unknown {
  return input.kind === 'text' ? input.text : input.kind === 'tokens' ? input.tokens : input.steps;
}

function writtenTarget(target: RawExample['target']): unknown {
  switch (target.kind) {
    case 'class':
      return target.label;
    case 'tags':
      return target.labels;
    case 'numbers':
      return target.values.length === 1 ? target.values[0] : target.values;
    case 'sequence':
      return writtenInput(target.target);
    case 'next-token':
      return '';
  }
}

/** How `train.py` reads the lines that are written here. */
export const ofLines: Reading = {
  format: 'jsonl',
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
  headerRows: 1,
  skipLines: 0,
  comment: '',
  rowEnd: '',
  quotes: 'doubled',
  trim: false,
  missing: [],
  suffix: '.jsonl',
  columns: ['input', 'target', 'group', 'split'],
  mapping: { input: ['input'], target: ['target'] },
  paths: { input: ['input'], target: ['target'], group: ['group'], split: ['split'] },
  numbers: {},
  sentence: null,
  group: 'group',
  split: splitWords('split'),
  time: null,
};

const notSent = (why: string, hint: string): UserError =>
  new UserError({ code: 'ray-data', message: `This data cannot be sent to a cluster: ${why}.`, hint });

export const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const usualLevel = 6;

/** The same content gives the same bytes, so that it is sent once. @param level 0: only put together */
export const zip = (files: Zippable, level: 0 | typeof usualLevel = usualLevel): Uint8Array =>
  zipSync(files, { level, mtime: new Date(2000, 0, 1) });
