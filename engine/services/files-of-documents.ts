import { parseDocument } from '../document/migrations.ts';
import { filePaths } from '../graph/file-paths.ts';
import type { Home } from '../home.ts';
import { listCopies, readCopy } from './autosave.ts';
import { readDocumentFile } from './document-file.ts';
import { recentFiles } from './recent-files.ts';

/** Paths of the files that this machine's documents name: those opened lately, and those that are open. What cannot be read names none. */
export async function filesOfDocuments({ recent, autosave }: Home): Promise<readonly string[]> {
  const lately = (await recentFiles(recent)).map(async (path) => (await readDocumentFile(path)).document);
  const open = (await listCopies(autosave)).map(async ({ key }) => {
    const read = parseDocument((await readCopy(autosave, key)).document, true);
    return read.ok ? read.document : null;
  });
  const found = await Promise.allSettled([...lately, ...open]);
  return [...new Set(found.flatMap((one) => (one.status === 'fulfilled' && one.value !== null ? filePaths(one.value) : [])))];
}
