import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import type { UnrollDocument } from '../document/schema.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { UserError } from '../protocol/envelope.ts';
import type { DamagedRun, RunSummary } from '../protocol/runs.ts';
import { deleteOwnFiles } from './own-files.ts';
import { inspectDamaged } from './restore-run.ts';
import { RunFolder } from './run-folder.ts';
import type { RunRecord } from './run-record.ts';

/** A run as trained. */
export interface KeptDocument {
  readonly id: string;
  readonly name: string;
  readonly document: UnrollDocument;
}

const idPattern = /^[A-Za-z0-9_-]{1,80}$/;

/** All runs of a user: one folder each under a common root. A run elsewhere is named by its absolute path. */
export class RunStore {
  readonly root: string;
  /** What `run.json` held, by run, with the file's stamp: it is read again only when it is another. */
  readonly #known = new Map<string, { readonly stamp: string; readonly record: RunRecord }>();

  constructor(root: string) {
    this.root = root;
  }

  /**
   * @param run an id, or the absolute path of a run's folder
   * @throws UserError `run-not-found` when it is neither
   */
  folder(run: string): RunFolder {
    if (isAbsolute(run)) return new RunFolder(run);
    if (idPattern.test(run)) return new RunFolder(join(this.root, run));
    throw new UserError({
      code: 'run-not-found',
      message: `There is no run “${run.slice(0, 100)}”.`,
      hint: 'Name a run by its id or by the full path of its folder.',
    });
  }

  /** Newest first. A folder that holds no readable run is left out. */
  async list(): Promise<RunSummary[]> {
    const found = await Promise.all((await this.#names()).map((name) => this.#summary(name)));
    return found.filter((summary) => summary !== null).sort((a, b) => b.created - a.created);
  }

  /** Folders that are runs, but cannot be read as such. */
  async damaged(): Promise<DamagedRun[]> {
    const found = await Promise.all((await this.#names()).map((name) => inspectDamaged(this.folder(name), name)));
    return found.filter((run) => run !== null);
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.root).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return [];
      throw describeFileError(error, this.root);
    });
    return names.filter((name) => idPattern.test(name));
  }

  /**
   * Deletes a run, and nothing that is not its own.
   *
   * @returns what else lies in its folder, and stays
   * @throws UserError `run-busy` while it is being trained, `run-not-found` for what is no run
   */
  async delete(run: string): Promise<string[]> {
    const folder = this.folder(run);
    // Only what reads as a run is deleted, whatever path was given; among the runs, also one that is damaged.
    await folder.read().catch(async (error: unknown) => {
      if (isAbsolute(run) || (await inspectDamaged(folder, run)) === null) throw error;
    });
    // Nobody trains it, and nobody can begin to.
    const release = await folder.lock();
    try {
      return await deleteOwnFiles(folder.path);
    } catch (error) {
      throw describeFileError(error, folder.path);
    } finally {
      await release();
    }
  }

  /** What was trained, newest first: the runs of one document, or those asked for. */
  async documents(which: { readonly of: string } | { readonly ids: readonly string[] }): Promise<KeptDocument[]> {
    const ids = 'ids' in which ? which.ids : await this.#names();
    const records = await Promise.all(ids.map(async (id) => ({ id, record: await this.#record(id) })));
    return records
      .flatMap(({ id, record }) => (record === null ? [] : { ...record.summary, id, document: record.document }))
      .filter((run) => 'ids' in which || run.documentName === which.of)
      .sort((a, b) => b.created - a.created)
      .map(({ id, name, document }) => ({ id, name, document }));
  }

  async #summary(id: string): Promise<RunSummary | null> {
    const record = await this.#record(id);
    return record && { ...record.summary, id };
  }

  async #record(id: string): Promise<RunRecord | null> {
    const folder = this.folder(id);
    const stamp = await stampOf(join(folder.path, 'run.json'));
    const known = this.#known.get(id);
    if (known !== undefined && known.stamp === stamp) return known.record;
    const record = await folder.read().catch(() => null);
    // Whether one still trains does not stand in its file.
    if (record === null || stamp === null || record.summary.status === 'running' || record.summary.status === 'interrupted')
      this.#known.delete(id);
    else this.#known.set(id, { stamp, record });
    return record;
  }
}

/** Another one whenever the file was written anew: it is replaced as a whole. */
async function stampOf(path: string): Promise<string | null> {
  const found = await stat(path, { bigint: true }).catch(() => null);
  return found && `${found.ino} ${found.mtimeNs} ${found.size}`;
}

/** A new run's id: readable, sortable by time, unique. */
export function newRunId(documentName: string, created: Date): string {
  const slug = documentName
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  const time = created.toISOString().replace(/[-:]/g, '').slice(0, 15).replace('T', '-');
  const tail = Math.floor(Math.random() * 36 ** 4)
    .toString(36)
    .padStart(4, '0');
  return `${slug || 'run'}-${time}-${tail}`;
}
