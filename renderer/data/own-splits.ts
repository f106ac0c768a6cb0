import { create } from 'zustand';
import { splitOfFileName } from '../../engine/document/split-names.ts';
import type { SplitName } from '../../engine/protocol/data.ts';
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

/** More than a few files are no splits of one corpus. */
const mostFiles = 12;

/** Looks at a file; of several it is asked which is for what, with what their names say filled in. */
export function takeFiles(paths: readonly string[]): void {
  const [first] = paths;
  if (first === undefined) return;
  useUiStore.getState().setTab('data');
  if (paths.length === 1) void chooseFile(first);
  else if (paths.length <= mostFiles)
    useOwnSplits.setState({ files: paths.map((path) => ({ path, role: splitOfFileName(fileName(path)) })) });
  else
    showDataFailure({
      code: 'too-many-files',
      message: `${paths.length.toLocaleString('en')} files were chosen: expected one for training, and one each for validation and test.`,
      hint: 'Put the rows of one split into one file. Recordings and pictures are named by a table: choose that.',
    });
}

export function changeRole(path: string, role: FileRole): void {
  useOwnSplits.setState(({ files }) => ({ files: files?.map((file) => (file.path === path ? { path, role } : file)) ?? null }));
}

const words = { train: 'training', validation: 'validation', test: 'test' } as const;

/** Why the files cannot be used like this; `null` when they can. */
export function roleProblem(files: readonly NamedFile[]): string | null {
  for (const split of ['train', 'validation', 'test'] as const) {
    const same = files.filter(({ role }) => role === split).map(({ path }) => `“${fileName(path)}”`);
    if (same.length > 1)
      return `${same.join(' and ')} are both for ${words[split]}: choose one of them, or put their rows into one file.`;
  }
  const open = files.find(({ role }) => role === null);
  if (open) return `Say what “${fileName(open.path)}” is for.`;
  return files.some(({ role }) => role === 'train') ? null : 'Choose the file for training.';
}

/** Binds the files as they are named now. */
export function bindChosenFiles(): void {
  const { files } = useOwnSplits.getState();
  if (files === null || roleProblem(files) !== null) return;
  const pathOf = (split: SplitName): string | undefined => files.find(({ role }) => role === split)?.path;
  const train = pathOf('train');
  const validation = pathOf('validation');
  const test = pathOf('test');
  useOwnSplits.setState({ files: null });
  if (train === undefined) return;
  void chooseFile(train, { ...(validation === undefined ? {} : { validation }), ...(test === undefined ? {} : { test }) });
}
