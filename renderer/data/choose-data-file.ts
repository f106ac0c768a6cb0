import type { DragEvent } from 'react';
import { shell } from '../bridge/shell-link.ts';
import { chooseFile as askForFile } from '../documents/choose-path.ts';
import { chooseFile, showDataFailure } from './store.ts';

const dataEndings = ['csv', 'tsv', 'jsonl', 'ndjson', 'json', 'conll', 'txt', 'tab', 'iob', 'bio'] as const;

/** Asks for a data file and looks at it. */
export async function browseForData(): Promise<void> {
  const path = await askForFile({ title: 'Choose a data file', endings: dataEndings });
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
