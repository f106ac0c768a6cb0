import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { UserError } from '../protocol/envelope.ts';

/** The revision of no file: whoever holds it is asked before a save. */
export const changed = 'changed';

/** Of a file as it is now; `null` where there is none. */
export async function revisionOf(path: string): Promise<string | null> {
  const facts = await stat(path).catch(() => null);
  return facts === null ? null : `${facts.mtimeMs}-${facts.size}-${facts.ino}`;
}

/** Of the file that a copy belongs to; `changed` where it was written after the copy was made. */
export async function revisionSince(copy: { readonly path: string | null; readonly saved: number }): Promise<string | null> {
  const facts = copy.path === null ? null : await stat(copy.path).catch(() => null);
  if (copy.path === null || facts === null) return null;
  return facts.mtimeMs > copy.saved ? changed : revisionOf(copy.path);
}

/** @throws UserError `changed-on-disk` where a file is there, and not the one that was opened; one that is gone is written again */
export async function refuseChanged(path: string, revision: string): Promise<void> {
  const now = await revisionOf(path);
  if (now === null || now === revision) return;
  throw new UserError({
    code: 'changed-on-disk',
    message: `${basename(path)} was changed by another window or program since it was opened here.`,
    hint: 'Save under another name, or overwrite what is there.',
  });
}
