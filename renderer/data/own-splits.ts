import { create } from 'zustand';
import { sourceOf } from '../../engine/document/data-files.ts';
import type { SplitName } from '../../engine/document/split-names.ts';
import { byParts, shardOf, splitOfFileName } from '../../engine/document/split-names.ts';
import { useUiStore } from '../store/ui-store.ts';
import { fileName } from './file-name.ts';
import { chooseFile, showDataFailure } from './store.ts';

/** What one of several files is used for; `null` where its name does not tell. */
export type FileRole = SplitName | 'none' | null;

export interface NamedFile {
  readonly path: string;
  readonly role: FileRole;
}

/** Files that were chosen together, until it is settled which is for what. */
export const useOwnSplits = create<{ readonly files: readonly NamedFile[] | null }>(() => ({ files: null }));

/** More than a few files are no splits of one corpus, but for the parts of one that was written in many. */
const mostFiles = 12;
const mostParts = 1000;

/** Looks at a file; of several it is asked which is for what, with what their names say filled in. */
export function takeFiles(paths: readonly string[]): void {
  const [first] = paths;
  if (first === undefined) return;
  useUiStore.getState().setTab('data');
  if (paths.length === 1) void chooseFile(first);
  else if (paths.length <= mostFiles || (paths.length <= mostParts && paths.every(isPart)))
    useOwnSplits.setState({ files: namedFiles(paths) });
  else
    showDataFailure({
      code: 'too-many-files',
      message: `${paths.length.toLocaleString('en')} files were chosen: expected one for training, and one each for validation and test.`,
      hint: 'Put the rows of one split into one file. Recordings and pictures are named by a table: choose that.',
    });
}

const isPart = (path: string): boolean => shardOf(fileName(path)) !== null;

/** What the files are for by their names; parts of one corpus that name no split are all for training. */
function namedFiles(paths: readonly string[]): NamedFile[] {
  const names = new Set(paths.map((path) => shardOf(fileName(path))?.name));
  const parts = names.size === 1 && !names.has(undefined);
  const ordered = paths.every(isPart) ? paths.toSorted(byParts) : paths;
  return ordered.map((path) => ({ path, role: splitOfFileName(fileName(path)) ?? (parts ? 'train' : null) }));
}

export function changeRole(path: string, role: FileRole): void {
  useOwnSplits.setState(({ files }) => ({ files: files?.map((file) => (file.path === path ? { path, role } : file)) ?? null }));
}

const words = { train: 'training', validation: 'validation', test: 'test' } as const;

/** Why the files cannot be used like this; `null` when they can. */
export function roleProblem(files: readonly NamedFile[]): string | null {
  const open = files.find(({ role }) => role === null);
  if (open) return `Say what “${fileName(open.path)}” is for.`;
  return files.some(({ role }) => role === 'train') ? null : 'Choose the file for training.';
}

/** Which files are read as one because they are for the same split, in the user's words. */
export function joinedFiles(files: readonly NamedFile[]): string[] {
  return (['train', 'validation', 'test'] as const).flatMap((split) => {
    const same = files.filter(({ role }) => role === split).map(({ path }) => `“${fileName(path)}”`);
    if (same.length < 2) return [];
    const shown = same.length <= 4 ? new Intl.ListFormat('en').format(same) : `${same[0]} to ${same.at(-1)}`;
    return [`For ${words[split]}, ${shown} are read as one file, in this order.`];
  });
}

/** Binds the files as they are named now. */
export function bindChosenFiles(): void {
  const { files } = useOwnSplits.getState();
  if (files === null || roleProblem(files) !== null) return;
  useOwnSplits.setState({ files: null });
  const { path, ...others } = sourceOf(
    files.flatMap((file) => (file.role === 'none' || file.role === null ? [] : [{ path: file.path, role: file.role }])),
  );
  void chooseFile(path, others);
}
