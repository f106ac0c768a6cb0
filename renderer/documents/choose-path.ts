import { shell } from '../bridge/shell-link.ts';
import { pickFile, pickFiles } from './file-picker-store.ts';

/** Paths on the engine's machine: native dialogs in the desktop shell, the window's own file picker elsewhere. `null` when cancelled. */
export function chooseFile(options: { readonly title: string; readonly endings: readonly string[] }): Promise<string | null> {
  return shell ? shell.openFile(options) : pathOf(pickFile({ purpose: 'open', ...options }));
}

/** The same for one file or more; none when cancelled. */
export async function chooseFiles(options: {
  readonly title: string;
  readonly endings: readonly string[];
}): Promise<readonly string[]> {
  return shell ? shell.openFiles(options) : ((await pickFiles({ purpose: 'open', ...options })) ?? []);
}

/** `replace` says that the person was asked, and wants what is there to be replaced. */
export async function chooseSavePath(options: {
  readonly title: string;
  readonly suggested: string;
}): Promise<{ readonly path: string; readonly replace: boolean } | null> {
  if (!shell) return pickFile({ purpose: 'save', ...options });
  const path = await shell.saveFile(options);
  // The system's dialog asks by itself.
  return path === null ? null : { path, replace: true };
}

export function chooseDirectory(options: { readonly title: string }): Promise<string | null> {
  return shell ? shell.chooseDirectory(options) : pathOf(pickFile({ purpose: 'directory', ...options }));
}

const pathOf = async (picked: ReturnType<typeof pickFile>): Promise<string | null> => (await picked)?.path ?? null;
