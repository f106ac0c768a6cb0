import { readdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import type { ReaderSettings } from '../document/data-binding.ts';
import { mediaKindOf } from '../document/media-settings.ts';
import { isAbsoluteName, resolveNamed } from '../files/named-path.ts';
import { openFile } from '../files/open-file.ts';
import type { SentFile } from '../files/sent-file.ts';
import { UserError } from '../protocol/envelope.ts';
import type { SentSize } from '../protocol/transfer.ts';
import { cellText } from './readers/column-kind.ts';
import { notReadable } from './readers/not-readable.ts';
import { openData, readRows } from './readers/open-reader.ts';
import { isRecord } from './readers/record.ts';
import { Turns } from './turns.ts';

/** Tables, and the pictures and recordings that their rows name: all that another machine needs to read them. */
export interface TablesWithFiles {
  /** In the order in which they were given. */
  readonly tables: readonly SentFile[];
  readonly named: readonly SentFile[];
  /** Files that rows name by whole paths, which another machine has not: they cannot come along. */
  readonly whole: number;
  /** What rows name and is no picture or recording, or not there: rows that are left out there as here. */
  readonly unusable: number;
}

export interface Table {
  readonly path: string;
  readonly reader?: Partial<ReaderSettings>;
  /** The column that names files; `null`: none does. Absent: those whose first cells do. */
  readonly column?: string | null;
}

/** What may come along. */
export interface Bound {
  readonly files: number;
  readonly bytes: number;
}

/**
 * Looks through tables for the files that their rows name. Only what begins as a picture or a recording does is among them: a table may
 * name anything on this machine.
 *
 * @throws UserError `too-much-named` past the bound; what keeps a table from being read
 */
export async function tablesWithFiles(tables: readonly Table[], most: Bound, signal?: AbortSignal): Promise<TablesWithFiles> {
  const found = new Map<string, Facts>();
  const seen = new Set<string>();
  const counts = { whole: 0, unusable: 0, bytes: 0 };
  const turns = new Turns(signal);
  for (const table of tables) {
    for await (const cell of namingCells(table)) {
      for (const path of await pathsIn(cell, dirname(table.path), counts)) {
        if (turns.over) await turns.pass();
        if (seen.has(path)) continue;
        seen.add(path);
        const facts = await usable(path);
        if (facts === null) counts.unusable++;
        else {
          found.set(path, facts);
          counts.bytes += facts.bytes;
        }
        if (found.size > most.files || counts.bytes > most.bytes) throw tooMuch(most);
      }
    }
  }
  const own = await Promise.all(tables.map(async ({ path }) => ({ path, ...(await factsOf(path)) })));
  const root = sharedFolder([...tables.map(({ path }) => path), ...found.keys()].map((path) => dirname(path)));
  const sent = (path: string, facts: Facts): SentFile => ({ path, ...facts, name: relative(root, path).split(sep).join('/') });
  return {
    tables: own.map(({ path, ...facts }) => sent(path, facts)),
    named: [...found].map(([path, facts]) => sent(path, facts)),
    whole: counts.whole,
    unusable: counts.unusable,
  };
}

/** How much that is. */
export const sizeOf = ({ tables, named, whole, unusable }: TablesWithFiles): SentSize => ({
  files: tables.length + named.length,
  bytes: [...tables, ...named].reduce((sum, { bytes }) => sum + bytes, 0),
  named: named.length,
  whole,
  unusable,
});

/** Cells that name files, row by row. */
async function* namingCells({ path, reader = {}, column }: Table): AsyncGenerator<string> {
  if (column === null) return;
  // What is no table is sent all the same, and says so where it is read.
  const opened = await openData(path, reader).catch(() => null);
  if (opened === null) return;
  const head = opened.head.filter(isRecord);
  const cellsOf = (i: number): string[] => head.map(({ cells }) => cellText(cells[i] ?? ''));
  const columns = [];
  for (const [i, name] of opened.columns.entries())
    if (column === undefined ? await nameFiles(cellsOf(i), dirname(path)) : name === column) columns.push(i);
  if (columns.length === 0) return;
  for await (const { rows } of readRows(opened))
    for (const row of rows) if (isRecord(row)) for (const i of columns) yield cellText(row.cells[i] ?? '');
}

/** First cells that are looked at for folders of pictures. */
const looked = 5;

/** Whether a column's cells name files, or folders of pictures. */
async function nameFiles(cells: readonly string[], folder: string): Promise<boolean> {
  if (mediaKindOf(cells) !== 'none') return true;
  const first = cells.filter((cell) => cell.trim() !== '').slice(0, looked);
  const pictures = await Promise.all(first.map((cell) => picturesIn(resolveNamed(folder, cell.trim()))));
  return first.length > 0 && pictures.every((names) => names.length > 0);
}

/** The files that a cell names: of a folder its pictures, between semicolons several. */
async function pathsIn(cell: string, folder: string, counts: { whole: number; unusable: number }): Promise<string[]> {
  const names = cell.split(';').map((name) => name.trim());
  const found: string[] = [];
  for (const name of names.filter((one) => one !== '')) {
    const path = resolveNamed(folder, name);
    if (isAbsoluteName(name)) counts.whole++;
    else if (mediaKindOf([name]) !== 'none') found.push(path);
    else {
      const pictures = await picturesIn(path);
      if (pictures.length === 0) counts.unusable++;
      found.push(...pictures);
    }
  }
  return found;
}

/** Paths of a folder's pictures; none where there is no such folder. */
async function picturesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => mediaKindOf([name]) === 'image').map((name) => join(folder, name));
}

/** How PNG, JPEG and WAV begin. */
const beginnings = [Buffer.from('\x89PNG', 'latin1'), Buffer.from('\xff\xd8', 'latin1'), Buffer.from('RIFF')];

/** Facts of a picture or a recording; `null` for anything else. */
async function usable(path: string): Promise<Facts | null> {
  try {
    const { file, bytes } = await openFile(path);
    try {
      const start = Buffer.alloc(4);
      await file.read(start, 0, start.length, 0);
      if (!beginnings.some((beginning) => start.subarray(0, beginning.length).equals(beginning))) return null;
      return { bytes, modified: (await file.stat()).mtimeMs };
    } finally {
      await file.close();
    }
  } catch {
    return null; // Not there, or none of ours to read.
  }
}

type Facts = Pick<SentFile, 'bytes' | 'modified'>;

async function factsOf(path: string): Promise<Facts> {
  const facts = await stat(path).catch((error: unknown) => {
    throw notReadable(path, error);
  });
  if (facts.isFile()) return { bytes: facts.size, modified: facts.mtimeMs };
  throw new UserError({ code: 'not-a-file', message: `${path} is no file.`, hint: 'Choose the files that are to be sent.' });
}

/** The innermost folder that all lie in; on Windows all have to be on one drive. */
function sharedFolder(folders: readonly string[]): string {
  const [first = sep, ...rest] = folders;
  return rest.reduce((shared, folder) => {
    let common = shared;
    while (
      common !== dirname(common) &&
      folder !== common &&
      !folder.startsWith(common.endsWith(sep) ? common : `${common}${sep}`)
    )
      common = dirname(common);
    return common;
  }, first);
}

const tooMuch = ({ files, bytes }: Bound): UserError =>
  new UserError({
    code: 'too-much-named',
    message: `The table names more than ${files.toLocaleString('en')} files, or ${(bytes / 1e6).toLocaleString('en')} MB of them: so many are not sent.`,
    hint: 'Copy the folder of the table there by hand (rsync), and choose the table where it lies then.',
  });
