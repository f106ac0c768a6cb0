import { shell } from '../bridge/shell-link.ts';
import { pickFile } from './file-picker-store.ts';

/** Paths on the engine's machine: native dialogs in the desktop shell, the window's own file picker elsewhere. `null` when cancelled. */
export function chooseFile(options: { readonly title: string; readonly endings: readonly string[] }): Promise<string | null> {
  return shell ? shell.openFile(options) : pickFile({ purpose: 'open', ...options });
}

export function chooseSavePath(options: { readonly title: string; readonly suggested: string }): Promise<string | null> {
  return shell ? shell.saveFile(options) : pickFile({ purpose: 'save', ...options });
}

export function chooseDirectory(options: { readonly title: string }): Promise<string | null> {
  return shell ? shell.chooseDirectory(options) : pickFile({ purpose: 'directory', ...options });
}
