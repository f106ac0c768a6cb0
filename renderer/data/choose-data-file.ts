import type { DragEvent } from 'react';
import { chooseFiles } from '../documents/choose-path.ts';
import { findDropped } from '../documents/find-dropped.ts';
import { asFarFiles } from '../machine/actions.ts';
import { takeFiles } from './own-splits.ts';

export const dataEndings = [
  'csv',
  'tsv',
  'jsonl',
  'ndjson',
  'json',
  'conll',
  'conllu',
  'txt',
  'tab',
  'iob',
  'bio',
  'ts',
  'arff',
  'gz',
] as const;

/** Asks for a data file, or one for each split, and looks at them. */
export async function browseForData(): Promise<void> {
  takeFiles(await chooseFiles({ title: 'Choose a data file, or one for each split', endings: dataEndings }));
}

/** Takes files dropped on the panel. */
export function takeDrop(event: DragEvent): void {
  event.preventDefault();
  void takeDropped([...event.dataTransfer.files]);
}

/** Takes dropped files as data. */
export async function takeDropped(files: readonly File[]): Promise<void> {
  takeFiles(await asFarFiles(await findDropped(files)));
}
