import type { DragEvent } from 'react';
import { shell } from '../bridge/shell-link.ts';
import { pickFile } from '../documents/file-picker-store.ts';
import { chooseFile, showDataFailure } from './store.ts';

export const dataEndings = ['csv', 'tsv', 'jsonl', 'ndjson', 'json', 'conll', 'txt', 'tab', 'iob', 'bio'] as const;

/** Asks for a data file and looks at it. */
export async function browseForData(): Promise<void> {
  const title = 'Choose a data file';
  const path = shell
    ? await shell.openFile({ title, endings: [...dataEndings] })
    : await pickFile({ purpose: 'open', title, endings: [...dataEndings] });
  if (path !== null) await chooseFile(path);
}

/** Takes a file dropped on the panel. A plain browser window does not tell where a file lies. */
export function takeDrop(event: DragEvent): void {
  event.preventDefault();
  const file = event.dataTransfer.files[0];
  if (!file) return;
  if (shell) void chooseFile(shell.pathOfFile(file));
  else {
    showDataFailure({
      code: 'no-path',
      message: `The browser does not tell where “${file.name}” lies.`,
      hint: 'Choose it with the button, or paste its path.',
    });
  }
}
