import type { Batch, DataEncoding } from '../../data/dataset.ts';
import { readText } from '../../predict/predict.tf.ts';
import { UserError } from '../../protocol/envelope.ts';
import { type Example, nextTokens } from '../example.ts';

/** Another text in place of one token. */
export interface Edit {
  readonly step: number;
  /** Empty: the token is left out. */
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
 * An example with a token replaced, by as many as the text has. What it should say stays, but for tags of another number of tokens; a
 * language model should say what stands there now.
 *
 * @throws UserError `no-token` where nothing can be replaced so
 */
export function editedExample(encoding: DataEncoding, example: Example, { step, text }: Edit): EditedExample {
  const { batch, words, unknown } = example;
  if (batch.tokens === null) throw cannot('This network reads numbers, not tokens.', 'Choose another input.');
  if (step >= batch.steps) throw cannot(`There is no token ${step + 1}.`, `There are ${batch.steps}.`);
  const typed = tokensOf(encoding, text);
  const steps = batch.steps - 1 + typed.ids.length;
  if (steps === 0) throw cannot('Nothing would be left to read.', 'Type another token.');
  const replaced = <T>(all: readonly T[], by: readonly T[]): T[] => [...all.slice(0, step), ...by, ...all.slice(step + 1)];
  const now: Batch = {
    ...batch,
    steps,
    tokens: Int32Array.from(replaced([...batch.tokens], typed.ids)),
    lengths: Int32Array.of(steps),
  };
  const before = Array.from({ length: batch.steps }, (_, at): number | null => at);
  const edited = {
    was: replaced(
      before,
      typed.ids.map(() => null),
    ),
    moved: typed.ids.length - 1,
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

interface Typed {
  readonly ids: readonly number[];
  readonly words: readonly string[];
  readonly unknown: readonly boolean[];
}

/** A text as the network reads it, without what begins and ends a line. */
function tokensOf(encoding: DataEncoding, text: string): Typed {
  if (text === '') return { ids: [], words: [], unknown: [] };
  const { tokens, words, unknown } = readText(encoding, text);
  const ids = [...(tokens ?? [])];
  // Lines of their own begin with a token that was not typed.
  const extra = ids.length - words.length;
  return { ids: ids.slice(Math.max(0, extra), Math.max(0, extra) + words.length), words, unknown };
}

const cannot = (message: string, hint: string): UserError => new UserError({ code: 'no-token', message, hint });
