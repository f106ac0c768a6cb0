import { shell } from '../bridge/shell-link.ts';
import { pickFiles } from './file-picker-store.ts';

/** Where dropped files lie on this machine. A browser does not tell it: there the person shows their folder. */
export async function findDropped(files: readonly File[]): Promise<readonly string[]> {
  if (shell) return files.map(shell.pathOfFile);
  if (files.length === 0) return [];
  const names = files.map(({ name }) => name);
  const title = names.length === 1 ? `Where does “${names[0]}” lie?` : `Where do these ${names.length} files lie?`;
  return (await pickFiles({ purpose: 'open', title, names, here: true })) ?? [];
}
