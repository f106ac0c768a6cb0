import { createHash } from 'node:crypto';
import { type Zippable, zipSync } from 'fflate';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
import { type TablesWithFiles, tablesWithFiles } from '../data/named-files.ts';
import { isBadRow, type RawExample } from '../data/raw-example.ts';
import type { Reading } from '../data/reading.ts';
import { openSource } from '../data/source.ts';
import { sourceFiles } from '../document/data-files.ts';
import type { UnrollDocument } from '../document/schema.ts';
import { type SplitName, splitWords } from '../document/split-names.ts';
import { pythonFile } from '../export/python-file.ts';
import { trainingFiles } from '../export/pytorch/export.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { readWholeFile } from '../files/open-file.ts';
import type { NamedTensor } from '../files/safetensors.ts';
import type { SentFile } from '../files/sent-file.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Storage } from './storage.ts';

/** What Ray takes over HTTP. */
const mostBytes = 100 * 1024 * 1024;
/** Data of more bytes than this is not pressed together: it would take minutes, and most of it is pictures and recordings by then. */
const mostPressed = 4 * mostBytes;
/** What is sent of the files that rows name. Archives hold 65,535 files, and all of it is in memory once. */
const mostNamed = { files: 50_000, bytes: 1e9 };

/** Folder of the data in the project, and the archive that it is in the storage. */
const folder = 'files';
const archive = `${folder}.zip`;

export interface Project {
  readonly zip: Uint8Array;
  /** What `train.py` is given: the files of the data. */
  readonly dataArguments: readonly string[];
  /** Archives that lie in the storage, since they are too large for the package. */
  readonly stored: readonly string[];
}

interface Packed {
  readonly document: UnrollDocument;
  readonly plan: Plan;
  readonly encoding: DataEncoding;
  /** What training starts from. */
  readonly weights: ReadonlyMap<string, NamedTensor>;
}

/**
 * The exported PyTorch project with its data, as one zip: tables, and the pictures and recordings that their rows name. Data that makes it
 * larger than Ray takes goes to the storage.
 *
 * @param most bytes of a package
 * @throws UserError `ray-data` for data that cannot leave this machine, `too-much-named`, the disk's, the storage's
 */
export async function packProject(run: Packed, storage: Storage, most = mostBytes): Promise<Project> {
  const { encoding } = run;
  const made = encoding.binding.source.kind === 'template';
  const files = trainingFiles({ ...run, encoding: made ? { ...encoding, reading: ofLines } : encoding, parameters: run.weights });
  for (const name of ['ray_job.py', 'storage.py']) files.set(name, pythonFile(name));
  const code = Object.fromEntries([...files].map(([name, content]) => [name, bytesOf(content)]));
  const { tables, named } = await dataOf(encoding);
  const data = Object.fromEntries([...tables, ...named].map(({ name, content }) => [name, content]));
  const dataArguments = argumentsOf(tables);
  const bytes = Object.values(data).reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (bytes <= mostPressed) {
    const whole = zip({ ...code, [folder]: data });
    if (whole.byteLength <= most) return { zip: whole, dataArguments, stored: [] };
  }
  const small = zip(code);
  if (small.byteLength > most) throw tooLarge(small.byteLength);
  await storage.put(archive, zip(data, bytes <= mostPressed ? usualLevel : 0));
  return { zip: small, dataArguments, stored: [archive] };
}

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

interface Data {
  readonly tables: readonly TableContent[];
  readonly named: readonly Content[];
}

async function dataOf(encoding: DataEncoding): Promise<Data> {
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
  tables.flatMap(({ role, name }) => [...(role === 'train' ? [] : [`--${role}`]), `${folder}/${name}`]);

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
const ofLines: Reading = {
  format: 'jsonl',
  encoding: 'utf-8',
  delimiter: ',',
  header: true,
  headerRows: 1,
  skipLines: 0,
  comment: '',
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

const tooLarge = (bytes: number): UserError =>
  new UserError({
    code: 'ray-too-large',
    message: `The model is ${Math.round(bytes / 2 ** 20)} MiB packed; Ray takes 100 MiB over HTTP.`,
    hint: 'Make the network smaller, or export it and train the folder on the cluster by hand.',
  });

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

const usualLevel = 6;

/** The same content gives the same bytes, so that it is sent once. @param level 0: only put together */
const zip = (files: Zippable, level: 0 | typeof usualLevel = usualLevel): Uint8Array =>
  zipSync(files, { level, mtime: new Date(2000, 0, 1) });

/** Of a package's content: one that is on the cluster already is not sent again. */
export const packageHash = (zipped: Uint8Array): string => createHash('sha256').update(zipped).digest('hex').slice(0, 40);
