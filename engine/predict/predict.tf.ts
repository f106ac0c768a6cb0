import * as tf from '@tensorflow/tfjs-core';
import { headKind } from '../compile/loss-kind.ts';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import type { DataEncoding } from '../data/dataset.ts';
import { decodeNumbers, encodeSeries, encodeText } from '../data/encode.ts';
import { classCount, largestIndex, logProbabilities } from '../decode/log-probabilities.ts';
import { UserError } from '../protocol/envelope.ts';
import type { DecodeSettings, Prediction } from '../protocol/predict.ts';
import { greedySettings, searchSequence } from './predict-sequence.tf.ts';
import type { Predictor } from './predictor.ts';
import { encodePrompt } from './prompt.ts';

/** One input as a model reads it. */
export interface ReadInput {
  /** T */
  readonly steps: number;
  /** Ids `[T]` */
  readonly tokens: Int32Array | null;
  /** Normalized `[T, F]` */
  readonly series: Float32Array | null;
  /** What stands at each step, in words; of a language model that reads lines, without its special tokens. */
  readonly words: string[];
  /** Whether the vocabulary lacks each of them. */
  readonly unknown: boolean[];
}

/**
 * What the model says of a text, read as in training; of a language model, how probable each next token is.
 *
 * @param decode how a sequence is searched for; other kinds of prediction do not use it
 * @throws UserError as `readText`
 */
export async function predictText(predictor: Predictor, text: string, decode = greedySettings): Promise<Prediction> {
  return predictInput(predictor, readText(predictor.encoding, text), decode);
}

/**
 * A text as it is read in training.
 *
 * @throws UserError `empty-input`, or `wrong-input` when the model reads numbers
 */
export function readText(encoding: DataEncoding, text: string): ReadInput {
  if (encoding.vocabulary === null) {
    throw new UserError({
      code: 'wrong-input',
      message: 'This model reads numbers, not text.',
      hint: 'Give it rows of numbers.',
    });
  }
  const continued = encoding.binding.task === 'language-model';
  const { tokens, ids, unknown } = continued ? encodePrompt(encoding, text) : encodeText(encoding, text);
  if (ids.length === 0) {
    throw new UserError({ code: 'empty-input', message: 'There is nothing to predict from.', hint: 'Type a few words.' });
  }
  return { steps: ids.length, tokens: ids, series: null, words: tokens, unknown };
}

/**
 * What the model says of a series, in the data's own units. A forecast looks at the last `window.length` rows, as in training.
 *
 * @param rows `[T][F]`, oldest first
 * @param decode as in `predictText`
 * @throws UserError as `readSeries`
 */
export async function predictSeries(
  predictor: Predictor,
  rows: readonly (readonly number[])[],
  decode: DecodeSettings = greedySettings,
): Promise<Prediction> {
  return predictInput(predictor, readSeries(predictor.encoding, rows), decode);
}

/** @throws UserError `empty-input`, `bad-input`, or `wrong-input` when the model reads text */
export function readSeries(encoding: DataEncoding, rows: readonly (readonly number[])[]): ReadInput {
  const names = encoding.inputNormalization?.names;
  if (!names) {
    throw new UserError({ code: 'wrong-input', message: 'This model reads text, not numbers.', hint: 'Give it a text.' });
  }
  if (rows.length === 0) {
    throw new UserError({ code: 'empty-input', message: 'There is nothing to predict from.', hint: 'Give it at least one row.' });
  }
  const bad = rows.findIndex((row) => row.length !== names.length || !row.every(Number.isFinite));
  if (bad >= 0) {
    throw new UserError({
      code: 'bad-input',
      message: `Row ${bad + 1} has ${rows[bad]?.length ?? 0} numbers; this model expects ${names.length} a row (${names.slice(0, 8).join(', ')}).`,
      hint: 'Give one row a step, oldest first, with the columns in that order.',
      row: bad + 1,
    });
  }
  const seen = encoding.binding.task === 'forecasting' ? rows.slice(-encoding.binding.window.length) : rows;
  const words = seen.map((row) => row.join(' '));
  return {
    steps: seen.length,
    tokens: null,
    series: encodeSeries(encoding, seen),
    words,
    unknown: words.map(() => false),
  };
}

async function predictInput(predictor: Predictor, input: ReadInput, decode: DecodeSettings): Promise<Prediction> {
  const { model, encoding } = predictor;
  if (encoding.binding.task === 'sequence-to-sequence') {
    const [tokens, unknown] = input.tokens === null ? [[], []] : [input.words, input.unknown];
    return { kind: 'sequence', tokens, unknown, ...(await searchSequence(predictor, input, decode)) };
  }
  return outputsInWords(predictor, input, await forward(model, input));
}

/**
 * What a model's raw outputs for one input say; of a language model, what may come next.
 *
 * @param values of the head, `[C]` or `[T, C]`; not of a model that says sequences of their own
 */
export function outputsInWords(
  { model, encoding }: Predictor,
  { words: tokens, unknown }: Pick<ReadInput, 'words' | 'unknown'>,
  values: Float32Array,
): Prediction {
  if (encoding.classes === null) return numbers(encoding, values);
  if (encoding.binding.task === 'step-tagging') {
    const tags = classRows(model, encoding.classes, values).map((ranked) => ({
      ...(ranked[0] ?? { label: '', probability: 0 }),
      ranked,
    }));
    return { kind: 'tags', tokens, unknown, tags };
  }
  const last = encoding.binding.task === 'language-model' ? values.slice(-encoding.classes.length) : values;
  return { kind: 'class', tokens, unknown, ranked: classRows(model, encoding.classes, last)[0] ?? [] };
}

/** The head's raw outputs for one example. Runs between two training steps, never inside one: it does not wait before its end. */
async function forward(model: Model, { steps, tokens, series }: ReadInput): Promise<Float32Array> {
  const input = { steps, rows: 1, tokens, series, lengths: Int32Array.of(steps) };
  const logits = tf.tidy(() => model.forward(toTensors(input), { dropout: null }));
  const values = await logits.data<'float32'>();
  logits.dispose();
  return values;
}

/** Most classes that a prediction lists. */
const rankedLimit = 20;

/** Classes by probability, for each target. */
function classRows(
  model: Model,
  classes: readonly string[],
  logits: ArrayLike<number>,
): { label: string; probability: number }[][] {
  const head = headKind(model.plan);
  const width = head === 'dense-sigmoid' ? 1 : classes.length;
  const scratch = new Float64Array(classCount(head, width));
  return Array.from({ length: logits.length / width }, (_, row) => {
    const log = logProbabilities(head, logits, row, scratch);
    const ranked = Array.from(log, (value, id) => ({ label: classes[id] ?? `#${id}`, probability: Math.exp(value) }));
    // The first of equals stays first, as `largestIndex` chooses it.
    const first = ranked[largestIndex(log)];
    ranked.sort((a, b) => b.probability - a.probability || Number(b === first) - Number(a === first));
    return ranked.slice(0, rankedLimit);
  });
}

function numbers(encoding: DataEncoding, values: ArrayLike<number>): Prediction {
  const normalization = encoding.targetNormalization;
  if (normalization === null) throw new Error('number targets without a normalization');
  return { kind: 'numbers', values: decodeNumbers(normalization, values), names: [...normalization.names] };
}
