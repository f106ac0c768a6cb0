import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../protocol/envelope.ts';
import { errorCode } from './error-code.ts';
import { readTextFile } from './open-file.ts';
import { processLives } from './process-lives.ts';
import { writeDurably } from './write-durably.ts';

/**
 * Which process has a lock. Process ids are used again, so the time that the process started belongs to it where known; a lock that
 * was copied or moved with its folder belongs to nobody.
 */
const owner = z.strictObject({
  pid: z.number().int().positive(),
  started: z.string().nullable(),
  host: z.string().optional(),
  folder: z.string().optional(),
  nonce: z.string().optional(),
});
type Owner = z.infer<typeof owner>;

export interface Holder {
  readonly pid: number;
  readonly host: string;
}

export interface Lock {
  /** Whether the file is still where it was put. */
  inPlace(): Promise<boolean>;
  release(): Promise<void>;
}

interface Found {
  readonly owner: Owner | null;
  /** Another for each lock that was ever at that place. */
  readonly key: string;
}

/**
 * The only lock there is, on runs and on the cache of native TensorFlow: a file that names its process. It comes into being whole,
 * by a hard link, so no reader sees a part of it. The lock of a process that is gone is replaced by whoever locks its key first, in
 * one rename, so of many that find it one takes it. A folder must be there.
 *
 * @throws UserError `lock-in-the-way` when something at that path is no file; the file system's own error otherwise
 */
export async function acquireLock(path: string): Promise<Lock | { readonly heldBy: Holder }> {
  const mine = {
    pid: process.pid,
    started: startOf(process.pid),
    host: hostname(),
    folder: await realpath(dirname(path)),
    nonce: randomBytes(9).toString('hex'),
  };
  const temporary = join(dirname(path), `.${basename(path)}.${mine.nonce}.tmp`);
  await writeDurably(temporary, JSON.stringify(mine));
  const lock = lockOf(path, mine);
  try {
    for (;;) {
      if (await appear(temporary, path)) return lock;
      const found = await look(path);
      if (found === null) continue;
      if (found.owner !== null && isAlive(found.owner, mine.folder)) return { heldBy: holderOf(found.owner) };
      const takeover = await acquireLock(`${path}.${found.key}`);
      if ('heldBy' in takeover) return takeover;
      try {
        if ((await look(path))?.key !== found.key) continue;
        await rename(temporary, path);
        return lock;
      } finally {
        await takeover.release();
      }
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * Begins work that goes on behind a folder's lock and releases it at its own end; where it does not begin, the lock is released here.
 *
 * @throws what stands in the way of the lock, and of the beginning
 */
export async function beginLocked<T>(
  folder: { lock(): Promise<() => Promise<void>> },
  begin: (release: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const release = await folder.lock();
  try {
    return await begin(release);
  } catch (error) {
    await release();
    throw error;
  }
}

/** Whether a living process has the lock. */
export async function isLocked(path: string): Promise<boolean> {
  try {
    const found = parse(await readTextFile(path));
    return found !== null && isAlive(found, await realpath(dirname(path)));
  } catch {
    return false;
  }
}

function lockOf(path: string, { nonce }: Owner): Lock {
  const inPlace = async (): Promise<boolean> => parse(await readTextFile(path).catch(() => ''))?.nonce === nonce;
  return {
    inPlace,
    release: async () => {
      if (await inPlace()) await rm(path, { force: true });
    },
  };
}

const withoutLinks = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK']);

/** @returns whether the lock is there now, and was not before */
async function appear(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST') return false;
    if (!withoutLinks.has(code)) throw error;
  }
  // A disk that knows no hard links, as of a camera's card: the content follows a moment after the file.
  try {
    await writeFile(path, await readTextFile(temporary), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Time for another process to write what it has just made, in milliseconds, and how often. */
const patience = { pause: 50, times: 6 };

/** `null` where nothing is. What names nobody is looked at again: it may be about to. */
async function look(path: string): Promise<Found | null> {
  for (let times = 0; ; times++) {
    try {
      const { ino, mtimeMs } = await stat(path);
      const text = await readTextFile(path);
      const found = parse(text);
      if (found === null && times < patience.times) {
        await new Promise((resolve) => setTimeout(resolve, patience.pause));
        continue;
      }
      return { owner: found, key: createHash('sha256').update(`${ino} ${mtimeMs} ${text}`).digest('hex').slice(0, 12) };
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return null;
      if (!(error instanceof UserError)) throw error;
      throw new UserError(
        {
          code: 'lock-in-the-way',
          message: `${path} is in the way: a file by which processes keep apart belongs there.`,
          hint: 'Delete or rename it.',
        },
        { cause: error },
      );
    }
  }
}

const holderOf = ({ pid, host }: Owner): Holder => ({ pid, host: host ?? hostname() });

/** Whether a process of another machine lives cannot be known: it is believed to. */
function isAlive({ pid, started, host, folder }: Owner, here: string): boolean {
  if (folder !== undefined && folder !== here) return false;
  if (host !== undefined && host !== hostname()) return true;
  if (!processLives(pid)) return false;
  const now = startOf(pid);
  return started === null || now === null || now === started;
}

/** Linux: clock ticks from boot to the process's start, the 22nd field of its `stat`; elsewhere unknown. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const stats = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A zombie has ended; only its parent has not noticed yet.
    const fields = stats.slice(stats.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function parse(text: string): Owner | null {
  try {
    return owner.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
