import type { ReaderSettings, TaskKind } from '../../document/data-binding.ts';
import { guessColumnKind } from './column-kind.ts';
import type { SampledColumn, TaskGuess } from './guess-task.ts';
import { guessTask } from './guess-task.ts';
import type { OpenedFile, ResolvedReader } from './open-reader.ts';
import { isRecord } from './record.ts';

/** First cells of every column, with what they seem to be. */
export function sampleColumns(file: OpenedFile): readonly SampledColumn[] {
  const before = sampled.get(file);
  if (before !== undefined) return before;
  const records = file.head.filter(isRecord);
  const columns = file.columns.map((name, i) => {
    const cells = records.map((record) => record.cells[i] ?? '');
    return { name, kind: file.declared[i] ?? guessColumnKind(cells), cells };
  });
  sampled.set(file, columns);
  return columns;
}

/** Of each opened file, whose head stays as it is: the guess, the dates and what is told of the columns all ask for it. */
const sampled = new WeakMap<OpenedFile, readonly SampledColumn[]>();

/**
 * The guess for a whole file: task and mapping.
 *
 * @param splitColumn names the split of each row, so it is neither read nor predicted
 */
export function guessFile(file: OpenedFile, splitColumn: string | null = null): TaskGuess {
  const { format, sentenceColumn = null } = file.reader;
  const columns = sampleColumns(file).filter(({ name }) => name !== splitColumn && name !== sentenceColumn);
  // A table of one token a row is CoNLL columns by another name.
  return guessTask(sentenceColumn === null ? format : 'conll', columns);
}

/** The reader with the mapping filled in where the user has not chosen one. A guess for another task than the user's is not used. */
export function guessedReader(file: OpenedFile, wanted: Partial<ReaderSettings>, task: TaskKind): ResolvedReader {
  const inputs = wanted.inputColumns ?? [];
  const targets = wanted.targetColumns ?? [];
  if (inputs.length > 0 && targets.length > 0) return file.reader;
  const guess = guessFile(file, wanted.splitColumn);
  const fits = guess.task === task;
  return {
    ...file.reader,
    inputColumns: inputs.length > 0 || !fits ? [...inputs] : guess.inputColumns.filter((name) => !targets.includes(name)),
    targetColumns: targets.length > 0 || !fits ? [...targets] : guess.targetColumns.filter((name) => !inputs.includes(name)),
  };
}
