import { z } from 'zod';

export const splitName = z.enum(['train', 'validation', 'test']);
export type SplitName = z.infer<typeof splitName>;

const names: Readonly<Record<SplitName, readonly string[]>> = {
  train: ['train', 'training', 'trn'],
  validation: ['validation', 'valid', 'val', 'dev', 'development', 'testa', 'publictest'],
  test: ['test', 'testing', 'tst', 'eval', 'evaluation', 'testb', 'privatetest'],
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

/** A file's name without what tells it from the files of the other splits, the number of a shard included. */
export const corpusName = (fileName: string): string =>
  (shardOf(fileName)?.name ?? fileName).replace(word, (found) => (splitOfWord(found) === null ? found : '')).toLowerCase();

/** A part of a file that was written in several: which one, counted from 0 or 1 as its name does, and of how many. */
export interface Shard {
  readonly number: number;
  /** `null` where the name does not tell. */
  readonly count: number | null;
  /** The name without the number. */
  readonly name: string;
}

const numbered = /[-_.]?(?:part[-_.]?)?(\d{1,6})[-_.]?of[-_.]?(\d{1,6})/i;
/** As Spark and Hadoop write them: the rest of the name is of the job, or of the part. */
const sparkPart = /^(part[-_])(?:[mr]-)?(\d{5})(?:-[0-9a-f-]{36})?(?:[-.]c\d{3})?/;

/** Which part its name makes of a file: `train-00000-of-00005.jsonl`, `data_1_of_3.csv`, `part-00002.csv`. `null` for other names. */
export function shardOf(fileName: string): Shard | null {
  const [whole, number = '', count = ''] = numbered.exec(fileName) ?? [];
  // `1 of 2024` is rather a report of that year.
  if (whole !== undefined && Number(number) <= Number(count) && (Number(count) <= 1000 || count.length > 4))
    return { number: Number(number), count: Number(count), name: fileName.replace(whole, '') };
  const part = sparkPart.exec(fileName);
  return part && { number: Number(part[2]), count: null, name: fileName.replace(part[0], part[1] ?? '') };
}

/** Parts by their numbers, however these are written. */
export const byParts = (a: string, b: string): number => a.localeCompare(b, 'en', { numeric: true });

/** The parts that are missing from the files of one split, in words; `null` where none is known to. */
export function missingShards(fileNames: readonly string[]): string | null {
  const shards = fileNames.map(shardOf).filter((shard) => shard !== null);
  const [first] = shards;
  if (first === undefined || first.count === null || first.count <= shards.length) return null;
  const read = shards.length === 1 ? 'one' : String(shards.length);
  return `“${fileNames[0]}” is a part of a file in ${first.count}: ${read} of these ${shards.length === 1 ? 'is' : 'are'} read.`;
}

/** Words for the validation split. */
export const validationWords: readonly string[] = names.validation;

/** What exported code needs to train on the rows that are for training, and to judge by those for validation. */
export function splitWords(column: string | null) {
  if (column === null) return null;
  const { train, validation, test } = names;
  return { column, train: [...train], validation: [...validation], others: [...validation, ...test] };
}

const columnNames: readonly string[] = ['split', 'subset', 'set', 'partition'];

/**
 * The column that names each row's split; `null` where there is none. Every cell is such a name, and the column is called so, or holds
 * the one for training and another.
 */
export function findSplitColumn(columns: readonly { readonly name: string; readonly cells: readonly string[] }[]): string | null {
  const full = columns.filter(({ cells }) => cells.length > 0 && cells.every((cell) => splitOfWord(cell) !== null));
  const named = full.find(({ name }) => columnNames.includes(name.trim().toLowerCase()));
  const found =
    named ??
    full.find(({ cells }) => {
      const splits = new Set(cells.map(splitOfWord));
      return splits.has('train') && splits.size > 1;
    });
  return found?.name ?? null;
}

/** Whether neighbours are mostly of one split: windows of a series lie between two changes. */
export function isInStretches(cells: readonly string[]): boolean {
  const changes = cells.filter((cell, i) => i > 0 && splitOfWord(cell) !== splitOfWord(cells[i - 1] ?? '')).length;
  return changes * 10 < cells.length;
}
