import { open } from 'node:fs/promises';

/** Writes a new file; it is on the disk when the promise settles. Rejects where there is one already. */
export async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}
