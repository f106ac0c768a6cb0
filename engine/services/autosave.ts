import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { UnrollDocument } from '../document/schema.ts';
import { describeFileError } from '../files/describe-file-error.ts';
import { errorCode } from '../files/error-code.ts';
import { readTextFile } from '../files/open-file.ts';
import { writeAtomically } from '../files/write-atomically.ts';
import { UserError } from '../protocol/envelope.ts';

/** A copy of a document that was open, with where it belongs. The document itself is checked when it is recovered. */
const copy = z.strictObject({
  path: z.string().nullable(),
  name: z.string(),
  saved: z.number(),
  document: z.unknown(),
});

interface Recoverable {
  readonly key: string;
  readonly path: string | null;
  readonly name: string;
  readonly modified: number;
}

const keyPattern = /^[A-Za-z0-9_-]{1,64}$/;

function fileOf(folder: string, key: string): string {
  if (!keyPattern.test(key)) throw new UserError({ code: 'bad-request', message: `“${key}” is not a recovery key.` });
  return join(folder, `${key}.json`);
}

/** What is still to be done with each copy. */
const waiting = new Map<string, Promise<unknown>>();

/** What is asked of one copy is done in the order in which it is asked: one that is still being written when it is discarded would come back. */
function inTurn<T>(file: string, work: () => Promise<T>): Promise<T> {
  const before = waiting.get(file) ?? Promise.resolve();
  const own = before.then(work, work);
  waiting.set(file, own);
  const done = (): void => {
    if (waiting.get(file) === own) waiting.delete(file);
  };
  own.then(done, done);
  return own;
}

export async function keepCopy(folder: string, key: string, path: string | null, document: UnrollDocument): Promise<void> {
  const file = fileOf(folder, key);
  const content: z.infer<typeof copy> = { path, name: document.name, saved: Date.now(), document };
  await inTurn(file, () => writeAtomically(file, JSON.stringify(content))).catch((error: unknown) => {
    throw describeFileError(error, file);
  });
}

/** Copies that a crash left behind, newest first. A damaged copy is skipped, not deleted. */
export async function listCopies(folder: string): Promise<Recoverable[]> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
  const found: Recoverable[] = [];
  for (const name of names) {
    const key = name.slice(0, -'.json'.length);
    try {
      const content = await readCopy(folder, key);
      found.push({ key, path: content.path, name: content.name, modified: content.saved });
    } catch (error) {
      console.error(`engine: the recovery copy ${name} cannot be read`, error);
    }
  }
  return found.sort((a, b) => b.modified - a.modified);
}

/** @throws UserError `recovery-copy-damaged`, and those of files */
export async function readCopy(folder: string, key: string): Promise<z.infer<typeof copy>> {
  const file = fileOf(folder, key);
  const text = await inTurn(file, () => readTextFile(file)).catch((error: unknown) => {
    throw describeFileError(error, file);
  });
  try {
    return copy.parse(JSON.parse(text));
  } catch (cause) {
    throw new UserError(
      { code: 'recovery-copy-damaged', message: `The copy ${file} is damaged.`, hint: 'Open the document itself.' },
      { cause },
    );
  }
}

/** What was given up lately can be had back. */
const keptInTrash = 20;
const trashOf = (folder: string): string => join(folder, 'trash');

/** Puts a copy into the trash, which keeps the newest ones. */
export async function discardCopy(folder: string, key: string): Promise<void> {
  const file = fileOf(folder, key);
  const trash = trashOf(folder);
  const move = async (): Promise<void> => {
    await mkdir(trash, { recursive: true });
    await rename(file, fileOf(trash, key));
  };
  await inTurn(file, move).catch((error: unknown) => {
    if (errorCode(error) !== 'ENOENT') throw describeFileError(error, file);
  });
  const names = (await readdir(trash)).filter((name) => name.endsWith('.json'));
  if (names.length <= keptInTrash) return;
  const aged = await Promise.all(names.map(async (name) => ({ name, at: (await stat(join(trash, name))).mtimeMs })));
  aged.sort((a, b) => b.at - a.at);
  for (const { name } of aged.slice(keptInTrash)) await rm(join(trash, name), { force: true });
}

/** Takes a copy out of the trash. @throws UserError when it is not there any more */
export async function restoreCopy(folder: string, key: string): Promise<void> {
  const [file, back] = [fileOf(trashOf(folder), key), fileOf(folder, key)];
  await inTurn(back, () => rename(file, back)).catch((error: unknown) => {
    throw describeFileError(error, file);
  });
}
