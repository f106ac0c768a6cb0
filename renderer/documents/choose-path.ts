import { farHost } from '../bridge/machine.ts';
import { shell } from '../bridge/shell-link.ts';
import { pickFile, pickFiles } from './file-picker-store.ts';

/*
 * What is read by the engine is chosen where that is: on another machine by the window's own file picker, on this one by native dialogs in
 * the desktop shell. Documents, lessons and exports are of this machine (`Here`). `null` when cancelled.
 */

interface Choice {
  readonly title: string;
  readonly endings: readonly string[];
}

const isFar = (): boolean => farHost() !== null;

export function chooseFile(options: Choice): Promise<string | null> {
  return shell && !isFar() ? shell.openFile(options) : pathOf(pickFile({ purpose: 'open', ...options }));
}

export function chooseFileHere(options: Choice): Promise<string | null> {
  return shell ? shell.openFile(options) : pathOf(pickFile({ purpose: 'open', here: true, ...options }));
}

/** The same for one file or more; none when cancelled. */
export async function chooseFiles(options: Choice): Promise<readonly string[]> {
  return shell && !isFar() ? shell.openFiles(options) : ((await pickFiles({ purpose: 'open', ...options })) ?? []);
}

/** `replace` says that the person was asked, and wants what is there to be replaced. */
export async function chooseSavePath(options: {
  readonly title: string;
  readonly suggested: string;
}): Promise<{ readonly path: string; readonly replace: boolean } | null> {
  if (!shell) return pickFile({ purpose: 'save', here: true, ...options });
  const path = await shell.saveFile(options);
  // The system's dialog asks by itself.
  return path === null ? null : { path, replace: true };
}

export function chooseDirectory(options: Pick<Choice, 'title'>): Promise<string | null> {
  return shell && !isFar() ? shell.chooseDirectory(options) : pathOf(pickFile({ purpose: 'directory', ...options }));
}

export function chooseDirectoryHere(options: Pick<Choice, 'title'>): Promise<string | null> {
  return shell ? shell.chooseDirectory(options) : pathOf(pickFile({ purpose: 'directory', here: true, ...options }));
}

const pathOf = async (picked: ReturnType<typeof pickFile>): Promise<string | null> => (await picked)?.path ?? null;
