import { mkdir, open, readdir, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { parseDocument } from '../document/migrations.ts';
import { unrollDocument } from '../document/schema.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { acquireLock, isLocked, type Lock } from '../files/lock.ts';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';
import { figuresToJson } from '../protocol/figure.ts';
import { rayTarget } from '../protocol/ray.ts';
import { type JournalEvent, journalEvent } from './journal.ts';

/** `sweep.json`: what is tried. */
export const sweepRecord = z.strictObject({
  format: z.literal('unroll-sweep'),
  version: z.literal(1),
  id: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  created: z.number(),
  /** With its `sweep` section; one of an older version is brought up to date on reading. */
  document: z.preprocess((saved) => {
    const read = parseDocument(saved, true);
    return read.ok ? read.document : saved;
  }, unrollDocument),
  /** Trials that it will have: its budget, or fewer where there are no more combinations. */
  total: z.number().int(),
  objective: z.strictObject({ metric: z.string(), direction: z.enum(['minimize', 'maximize']) }),
  /** The cluster that its trials train on; absent: this machine. */
  on: rayTarget.optional(),
  /** Where its runs are kept; `null`: in `runs/` beside this file. */
  runs: z.string().nullable(),
});
export type SweepRecord = z.infer<typeof sweepRecord>;

/** What a sweep writes into its folder. */
const ownNames = ['sweep.json', 'journal.jsonl', 'runs', 'lock'];

/**
 * The folder of one sweep: `sweep.json`, and `journal.jsonl`, to which every event is appended and brought to the disk before anything
 * follows from it. A crash leaves at most a torn last line, which has not happened.
 */
export class SweepFolder {
  readonly path: string;
  #lock: Lock | null = null;

  constructor(path: string) {
    this.path = path;
  }

  /** @throws UserError `in-the-way` where the folder holds what a sweep would write over */
  async create(record: SweepRecord): Promise<void> {
    await this.#disk(async () => {
      await mkdir(this.path, { recursive: true });
      const found = (await readdir(this.path)).filter((name) => ownNames.includes(name) && name !== 'lock');
      if (found.length > 0) {
        throw new UserError({
          code: 'in-the-way',
          message: `${this.path} holds ${found.join(', ')} already, which a sweep would write over.`,
          hint: 'Choose another folder, or move them away.',
        });
      }
      await this.write(record);
    });
  }

  async write(record: SweepRecord): Promise<void> {
    await this.#disk(() => writeAtomically(join(this.path, 'sweep.json'), figuresToJson(record, 1)));
  }

  /** `null` where the folder holds no sweep. @throws UserError `sweep-damaged` */
  async read(): Promise<SweepRecord | null> {
    const path = join(this.path, 'sweep.json');
    let content: unknown;
    try {
      content = JSON.parse(await readTextFile(path));
    } catch (error) {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return null;
      throw damaged(path, error);
    }
    const parsed = sweepRecord.safeParse(content);
    if (!parsed.success) throw damaged(path, parsed.error);
    return parsed.data;
  }

  /**
   * Everything that has happened.
   *
   * @throws UserError `sweep-damaged` for a line that is whole and no event
   */
  async events(): Promise<JournalEvent[]> {
    const { text } = await this.#journal();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line, i) => {
        try {
          return journalEvent.parse(JSON.parse(line));
        } catch (error) {
          throw damaged(`${this.#journalPath}, line ${i + 1},`, error);
        }
      });
  }

  /** Takes away what a crash has torn, so that the next event begins a line. For who has the lock. */
  async mend(): Promise<void> {
    const { text, whole } = await this.#journal();
    if (!whole) await this.#disk(() => truncate(this.#journalPath, Buffer.byteLength(text)));
  }

  /** On the disk when it settles. */
  async append(event: JournalEvent): Promise<void> {
    await this.#disk(async () => {
      const file = await open(this.#journalPath, 'a');
      try {
        await file.appendFile(`${figuresToJson(event)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    });
  }

  /** @throws UserError `sweep-busy` while another process goes on with it */
  async lock(): Promise<() => Promise<void>> {
    const lock = await this.#disk(async () => {
      await mkdir(this.path, { recursive: true });
      return acquireLock(join(this.path, 'lock'));
    });
    if ('heldBy' in lock) {
      throw new UserError({
        code: 'sweep-busy',
        message: `The sweep in ${this.path} goes on in another process (${lock.heldBy.pid}).`,
        hint: 'Stop it there first.',
      });
    }
    this.#lock = lock;
    return async () => {
      this.#lock = null;
      await lock.release();
    };
  }

  /** Whether it goes on, here or in another process. */
  async isLocked(): Promise<boolean> {
    return this.#lock !== null || (await isLocked(join(this.path, 'lock')));
  }

  get #journalPath(): string {
    return join(this.path, 'journal.jsonl');
  }

  /** The lines that are whole, and whether that is all. */
  async #journal(): Promise<{ readonly text: string; readonly whole: boolean }> {
    const text = await readTextFile(this.#journalPath).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT') return '';
      throw describeFileError(error, this.#journalPath);
    });
    const end = text.lastIndexOf('\n') + 1;
    return { text: text.slice(0, end), whole: end === text.length };
  }

  async #disk<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw describeFileError(error, this.path);
    }
  }
}

const damaged = (path: string, cause: unknown): UserError =>
  new UserError(
    {
      code: 'sweep-damaged',
      message: `${path} is damaged: it cannot be read as part of a sweep.`,
      hint: 'The runs of the sweep are whole; start the sweep again, or put the file back.',
    },
    { cause },
  );
