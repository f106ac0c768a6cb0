import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, relative, resolve, sep, win32 } from 'node:path';
import type { UnrollDocument } from '../document/schema.ts';
import { isForeign, resolveNamed } from '../files/named-path.ts';
import { mapFilePaths } from '../graph/file-paths.ts';

/*
 * A document's file names its data relative to itself where it can; everywhere else (window, runs, autosaved copies) paths are whole, so
 * that a run resumes and a copy opens wherever the document went. See docs/adr/0021-paths-in-documents.md.
 */

/** How many folders up from the document a path may go and still be kept relative: `../data` of a project with folders. */
const furthestUp = 2;

/** The document as the program holds it: paths start at the root. `file`: where it was read from. */
export function withWholePaths(document: UnrollDocument, file: string): UnrollDocument {
  const folder = dirname(resolve(file));
  return mapFilePaths(document, (path) => {
    if (isAbsolute(path) || isForeign(path)) return path;
    const beside = resolveNamed(folder, path);
    if (existsSync(beside)) return beside;
    // Before paths were relative to the document they were relative to where the program was started.
    const started = resolve(path);
    return existsSync(started) ? started : beside;
  });
}

/** The document as its file holds it: paths near the file start at its folder, with `/` on every system. */
export function withRelativePaths(document: UnrollDocument, file: string): UnrollDocument {
  const folder = dirname(resolve(file));
  return mapFilePaths(document, (path) => (isAbsolute(path) ? relativeTo(folder, path) : path));
}

function relativeTo(folder: string, path: string): string {
  const way = relative(folder, path);
  // On another drive of Windows there is no way.
  if (way === '' || isAbsolute(way)) return path;
  const parts = way.split(sep);
  const up = parts.filter((part) => part === '..').length;
  if (up > furthestUp || (up > 0 && !belongTogether(resolve(folder, ...parts.slice(0, up))))) return path;
  const written = parts.join('/');
  // A name that another system would take for a drive.
  return win32.isAbsolute(written) || isForeign(written) ? `./${written}` : written;
}

/** Whether what lies in a folder is likely to move as one: not the disk, nor a home or what holds homes. */
function belongTogether(shared: string): boolean {
  const home = homedir();
  return dirname(shared) !== shared && home !== shared && !home.startsWith(`${shared}${sep}`);
}
