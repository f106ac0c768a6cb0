import { readFileSync } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UserError } from '../protocol/envelope.ts';

/** Which process trains a run. Process ids are used again, so the time that the process started belongs to it where known. */
const owner = z.strictObject({ pid: z.number().int(), started: z.string().nullable() });
type Owner = z.infer<typeof owner>;

const lockPath = (folder: string): string => join(folder, 'lock');

/**
 * Makes this process the one that trains the run.
 *
 * @returns the function that releases it
 * @throws UserError `run-busy` when another living process has it
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Owner);
  for (let attempt = 0; attempt < 3; attempt++) {
    try {
      const file = await open(lockPath(folder), 'wx');
      await file.writeFile(mine);
      await file.close();
      return () => rm(lockPath(folder), { force: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      if (await isLocked(folder)) break;
      await rm(lockPath(folder), { force: true });
    }
  }
  throw new UserError({
    code: 'run-busy',
    message: `The run in ${folder} is being trained by another process.`,
    hint: 'Pause or stop it there first.',
  });
}

/** Whether a living process trains the run. */
export async function isLocked(folder: string): Promise<boolean> {
  const text = await readFile(lockPath(folder), 'utf8').catch(() => null);
  if (text === null) return false;
  const found = owner.safeParse(parse(text));
  // A crash between making the file and writing it leaves it empty: nobody has it.
  return found.success && isAlive(found.data);
}

function isAlive({ pid, started }: Owner): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it lives, but belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const now = startOf(pid);
  return started === null || now === null || now === started;
}

/** Linux: clock ticks from boot to the process's start, the 22nd field of its `stat`; elsewhere unknown. */
function startOf(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // A zombie has ended; only its parent has not noticed yet.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? 'ended' : (fields[19] ?? null);
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
