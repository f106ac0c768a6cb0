import type { SplitName } from '../protocol/data.ts';

const names: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  validation: ['validation', 'valid', 'val', 'dev', 'development', 'testa'],
  test: ['test', 'testing', 'tst', 'eval', 'evaluation', 'testb'],
};

/** The split that a word stands for, as corpora write it; `null` for any other word. */
export function splitOfWord(text: string): SplitName | null {
  const plain = text.trim().toLowerCase();
  for (const split of ['train', 'validation', 'test'] as const) if (names[split].includes(plain)) return split;
  return null;
}

/** Runs of letters; a capital begins a new one, as in `trainData`. */
const word = /[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g;

/**
 * The split that a file is for, by the words of its name, that of the folder not among them: `GunPoint_TRAIN.tsv`. `null` where
 * none says it, or two do.
 */
export function splitOfFileName(fileName: string): SplitName | null {
  const found = new Set(fileName.match(word)?.map(splitOfWord));
  found.delete(null);
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** A file's name without what tells it from the files of the other splits, the number of a shard (`-00000-of-00001`) included. */
export const corpusName = (fileName: string): string =>
  fileName
    .replace(/-\d{5}-of-\d{5}/, '')
    .replace(word, (found) => (splitOfWord(found) === null ? found : ''))
    .toLowerCase();

/** Words for the validation split. */
export const validationWords: readonly string[] = names.validation;

/** What exported code needs to train on the rows that are for training, and to judge by those for validation. */
export function splitWords(column: string | null) {
  if (column === null) return null;
  const { train, validation, test } = names;
  return { column, train: [...train], validation: [...validation], others: [...validation, ...test] };
}

const columnNames: readonly string[] = ['split', 'subset', 'set', 'partition'];

/** The column that names each row's split, by its name and by every cell of it; `null` where there is none. */
export function findSplitColumn(columns: readonly { readonly name: string; readonly cells: readonly string[] }[]): string | null {
  const found = columns.find(
    ({ name, cells }) =>
      columnNames.includes(name.trim().toLowerCase()) && cells.length > 0 && cells.every((cell) => splitOfWord(cell) !== null),
  );
  return found?.name ?? null;
}

/** Whether neighbours are mostly of one split: windows of a series lie between two changes. */
export function isInStretches(cells: readonly string[]): boolean {
  const changes = cells.filter((cell, i) => i > 0 && splitOfWord(cell) !== splitOfWord(cells[i - 1] ?? '')).length;
  return changes * 10 < cells.length;
}
