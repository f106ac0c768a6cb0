import { readdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describeFileError } from '../files/describe-file-error.ts';
import type { MethodResult } from '../protocol/contract.ts';
import type { FileEntry } from '../protocol/documents.ts';

/** A folder's visible entries, folders first: the file dialog of the window without Electron. `~` and '' are the home folder. */
export async function listFolder(directory: string): Promise<MethodResult<'files.list'>> {
  const path = resolve(directory.replace(/^~(?=$|[\\/])/, homedir()) || homedir());
  const names = await readdir(path).catch((error: unknown) => {
    throw describeFileError(error, path);
  });
  const entries: FileEntry[] = [];
  for (const name of names) {
    if (name.startsWith('.')) continue;
    const full = join(path, name);
    try {
      const facts = await stat(full);
      if (!facts.isDirectory() && !facts.isFile()) continue;
      entries.push({
        name,
        path: full,
        kind: facts.isDirectory() ? 'directory' : 'file',
        bytes: facts.isFile() ? facts.size : 0,
        modified: facts.mtimeMs,
      });
    } catch {
      // A dangling link, or removed since it was listed: nothing that could be opened.
    }
  }
  entries.sort((a, b) => Number(a.kind === 'file') - Number(b.kind === 'file') || a.name.localeCompare(b.name));
  const parent = dirname(path);
  return { directory: path, parent: parent === path ? null : parent, entries };
}
