import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { zipSync } from 'fflate';
import type { Plan } from '../compile/plan.ts';
import type { DataEncoding } from '../data/dataset.ts';
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
import { UserError } from '../protocol/envelope.ts';
import type { Storage } from './storage.ts';

/** What Ray takes over HTTP. */
const mostBytes = 100 * 1024 * 1024;

export interface Project {
  readonly zip: Uint8Array;
  /** What `train.py` is given: the files of the data. */
  readonly dataArguments: readonly string[];
  /** Of them, those that are too large for the package and lie in the storage. */
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
 * The exported PyTorch project with its data, as one zip. Data that makes it larger than Ray takes goes to the storage.
 *
 * @throws UserError `ray-data` for data that cannot leave this machine, the disk's, the storage's
 */
export async function packProject(run: Packed, storage: Storage): Promise<Project> {
  const { encoding } = run;
  const made = encoding.binding.source.kind === 'template';
  const files = trainingFiles({ ...run, encoding: made ? { ...encoding, reading: ofLines } : encoding, parameters: run.weights });
  for (const name of ['ray_job.py', 'storage.py']) files.set(name, pythonFile(name));
  const code = Object.fromEntries([...files].map(([name, content]) => [name, bytesOf(content)]));
  const data = await dataFiles(encoding);
  const whole = zip({ ...code, ...Object.fromEntries(data.map(({ name, content }) => [name, content])) });
  const dataArguments = argumentsOf(data);
  if (whole.byteLength <= mostBytes) return { zip: whole, dataArguments, stored: [] };
  for (const { name, content } of data) await storage.put(name, content);
  const small = zip(code);
  if (small.byteLength > mostBytes) throw tooLarge(small.byteLength);
  return { zip: small, dataArguments, stored: data.map(({ name }) => name) };
}

interface DataFile {
  readonly role: SplitName;
  readonly name: string;
  readonly content: Uint8Array;
}

async function dataFiles(encoding: DataEncoding): Promise<DataFile[]> {
  const { source, media } = encoding.binding;
  if (media.kind !== 'none') {
    throw notSent('recordings, pictures and videos are files of their own, which are not sent', 'Train it on this machine.');
  }
  if (source.kind === 'template') return [{ role: 'train', name: 'data.jsonl', content: await writtenRows(encoding) }];
  const files = sourceFiles(source);
  if (new Set(files.map(({ role }) => role)).size < files.length) {
    throw notSent('it is in several parts', 'Join the parts of a split into one file.');
  }
  return Promise.all(
    files.map(async ({ role, path }) => ({
      role,
      name: `data-${role}${extname(basename(path))}`,
      content: await readWholeFile(path).catch((error: unknown) => {
        throw describeFileError(error, path);
      }),
    })),
  );
}

const argumentsOf = (data: readonly DataFile[]): string[] =>
  data.flatMap(({ role, name }) => (role === 'train' ? [name] : [`--${role}`, name]));

/** A template's rows, which no file holds, as lines of JSON that `train.py` reads as the app reads the rows. */
async function writtenRows(encoding: DataEncoding): Promise<Uint8Array> {
  const { binding } = encoding;
  if (binding.task === 'forecasting' || (await openSource(binding)).whole) {
    throw notSent('the template makes it as one series', 'Export its data to a file first.');
  }
  const lines: string[] = [];
  for await (const { rows } of (await openSource(binding)).blocks())
    for (const row of rows) if (!isBadRow(row)) lines.push(JSON.stringify(writtenRow(row)));
  return bytesOf(`${lines.join('\n')}\n`);
}

function writtenRow({ input, target, group, split }: RawExample): object {
  if (input.kind === 'series' && input.file !== undefined) throw notSent('it is made of pictures', 'Train it on this machine.');
  return { input: writtenInput(input), target: writtenTarget(target), group: group ?? '', split: split ?? 'train' };
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
  new UserError({ code: 'ray-data', message: `This data cannot be sent to a cluster yet: ${why}.`, hint });

const tooLarge = (bytes: number): UserError =>
  new UserError({
    code: 'ray-too-large',
    message: `The model is ${Math.round(bytes / 2 ** 20)} MiB packed; Ray takes 100 MiB over HTTP.`,
    hint: 'Make the network smaller, or export it and train the folder on the cluster by hand.',
  });

const bytesOf = (content: Uint8Array | string): Uint8Array =>
  typeof content === 'string' ? new TextEncoder().encode(content) : content;

/** The same content gives the same bytes, so that it is sent once. */
const zip = (files: Readonly<Record<string, Uint8Array>>): Uint8Array =>
  zipSync(files, { level: 6, mtime: new Date(2000, 0, 1) });

/** Of a package's content: one that is on the cluster already is not sent again. */
export const packageHash = (zipped: Uint8Array): string => createHash('sha256').update(zipped).digest('hex').slice(0, 40);
