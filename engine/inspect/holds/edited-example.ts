import type { Batch, DataEncoding } from '../../data/dataset.ts';
import { readSeries, readText } from '../../predict/predict.tf.ts';
import { UserError } from '../../protocol/envelope.ts';
import { type Example, nextTokens } from '../example.ts';

/** Another text in place of one token, or other numbers in place of those of one step. */
export interface Edit {
  readonly step: number;
  /** Empty: the step is left out. */
  readonly text: string;
}

export interface EditedExample {
  readonly example: Example;
  /** For each step of the edited input, which step it was before; `null` where it is new or another token. */
  readonly was: readonly (number | null)[];
  /** By how much steps after the edit have moved. */
  readonly moved: number;
}

/**
 * An example with a step replaced, by as many as the text has tokens, or rows of numbers in the data's own units. What it should say stays,
 * but for tags of another number of steps; a language model should say what stands there now.
 *
 * @throws UserError `no-token` where nothing can be replaced so, and as `readSeries`
 */
export function editedExample(encoding: DataEncoding, example: Example, { step, text }: Edit): EditedExample {
  const { batch, words, unknown } = example;
  if (encoding.binding.media.kind !== 'none')
    throw cannot('This network reads a file: it has no step that could be written.', 'Choose another file.');
  if (step >= batch.steps) throw cannot(`There is no step ${step + 1}.`, `There are ${batch.steps}.`);
  const typed = batch.series === null ? tokensOf(encoding, text) : numbersOf(encoding, text);
  const steps = batch.steps - 1 + typed.words.length;
  if (steps === 0) throw cannot('Nothing would be left to read.', 'Type something else.');
  const replaced = <T>(all: readonly T[], by: readonly T[]): T[] => [...all.slice(0, step), ...by, ...all.slice(step + 1)];
  const now: Batch = {
    ...batch,
    steps,
    tokens: batch.tokens && Int32Array.from(replaced([...batch.tokens], typed.ids)),
    series: batch.series && rowReplaced(batch.series, batch.series.length / batch.steps, step, typed.series),
    lengths: Int32Array.of(steps),
  };
  const before = Array.from({ length: batch.steps }, (_, at): number | null => at);
  const edited = {
    was: replaced(
      before,
      typed.words.map(() => null),
    ),
    moved: typed.words.length - 1,
  };
  // What a model said of it before is not what it says now.
  const plain = {
    ...example,
    said: null,
    batch: now,
    words: replaced(words, typed.words),
    unknown: replaced(unknown, typed.unknown),
  };
  if (encoding.binding.task === 'language-model') return { ...edited, example: nextTokens(encoding, plain) };
  if (encoding.binding.task === 'step-tagging' && edited.moved !== 0)
    return { ...edited, example: { ...plain, batch: { ...now, tagTargets: null }, target: null, known: 0 } };
  return { ...edited, example: plain };
}

/** Steps as they are read: of a text their tokens, of a series their normalized numbers `[n, F]`. */
interface Typed {
  readonly ids: readonly number[];
  readonly series: Float32Array;
  readonly words: readonly string[];
  readonly unknown: readonly boolean[];
}

const nothing: Typed = { ids: [], series: new Float32Array(0), words: [], unknown: [] };

/** A text as the network reads it, without what begins and ends a line. */
function tokensOf(encoding: DataEncoding, text: string): Typed {
  if (text === '') return nothing;
  const { tokens, words, unknown } = readText(encoding, text);
  const ids = [...(tokens ?? [])];
  // Lines of their own begin with a token that was not typed.
  const extra = ids.length - words.length;
  return { ...nothing, ids: ids.slice(Math.max(0, extra), Math.max(0, extra) + words.length), words, unknown };
}

/** Rows of numbers as the network reads them. */
function numbersOf(encoding: DataEncoding, text: string): Typed {
  const numbers = text.split(/[\s,;]+/).filter((part) => part !== '');
  if (numbers.length === 0) return nothing;
  const width = encoding.facts.features ?? 1;
  const rows = Array.from({ length: Math.ceil(numbers.length / width) }, (_, row) =>
    numbers.slice(row * width, (row + 1) * width).map(Number),
  );
  const { series, words, unknown } = readSeries(encoding, rows);
  return { ...nothing, series: series ?? nothing.series, words, unknown };
}

/** A series `[T, F]` with others in place of one of its rows. */
function rowReplaced(series: Float32Array, width: number, row: number, by: Float32Array): Float32Array {
  const out = new Float32Array(series.length - width + by.length);
  out.set(series.subarray(0, row * width));
  out.set(by, row * width);
  out.set(series.subarray((row + 1) * width), row * width + by.length);
  return out;
}

const cannot = (message: string, hint: string): UserError => new UserError({ code: 'no-token', message, hint });
