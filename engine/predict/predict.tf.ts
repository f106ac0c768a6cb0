import * as tf from '@tensorflow/tfjs-core';
import { headKind } from '../compile/loss-kind.ts';
import { type Model, toTensors } from '../compile/materialize.tf.ts';
import type { DataEncoding } from '../data/dataset.ts';
import { decodeNumbers, encodeSeries, encodeText } from '../data/encode.ts';
import { classCount, largestIndex, logProbabilities } from '../decode/log-probabilities.ts';
import { UserError } from '../protocol/envelope.ts';
import type { DecodeSettings, Prediction } from '../protocol/predict.ts';
import { greedySettings, predictSequence } from './predict-sequence.tf.ts';
import type { Predictor } from './predictor.ts';
import { encodePrompt } from './prompt.ts';

/**
 * What the model says of a text, read as in training; of a language model, how probable each next token is.
 *
 * @param decode how a sequence is searched for; other kinds of prediction do not use it
 * @throws UserError `empty-input`, or `wrong-input` when the model reads numbers
 */
export async function predictText(predictor: Predictor, text: string, decode = greedySettings): Promise<Prediction> {
  const { model, encoding } = predictor;
  if (encoding.vocabulary === null) {
    throw new UserError({
      code: 'wrong-input',
      message: 'This model reads numbers, not text.',
      hint: 'Give it rows of numbers.',
    });
  }
  if (encoding.binding.task === 'language-model') return nextToken(predictor, text);
  const { tokens, ids, unknown } = encodeText(encoding, text);
  if (tokens.length === 0) {
    throw new UserError({ code: 'empty-input', message: 'There is nothing to predict from.', hint: 'Type a few words.' });
  }
  const input = { steps: tokens.length, tokens: ids, series: null };
  if (encoding.binding.task === 'sequence-to-sequence') {
    return { kind: 'sequence', tokens, unknown, hypotheses: await predictSequence(predictor, input, decode) };
  }
  const values = await forward(model, input);
  if (encoding.classes === null) return numbers(encoding, values);
  const rows = classRows(model, encoding.classes, values);
  if (encoding.binding.task === 'step-tagging') {
    const tags = rows.map((ranked) => ({ ...(ranked[0] ?? { label: '', probability: 0 }), ranked }));
    return { kind: 'tags', tokens, unknown, tags };
  }
  return { kind: 'class', tokens, unknown, ranked: rows[0] ?? [] };
}

/** What may come after a text. */
async function nextToken({ model, encoding }: Predictor, text: string): Promise<Prediction> {
  const { ids, tokens, unknown } = encodePrompt(encoding, text);
  const values = await forward(model, { steps: ids.length, tokens: ids, series: null });
  const ranked = classRows(model, encoding.classes ?? [], values.slice(-(encoding.classes?.length ?? 0)))[0] ?? [];
  return { kind: 'class', tokens, unknown, ranked };
}

/**
 * What the model says of a series, in the data's own units. A forecast looks at the last `window.length` rows, as in training.
 *
 * @param rows `[T][F]`, oldest first
 * @param decode as in `predictText`
 * @throws UserError `empty-input`, `bad-input`, or `wrong-input` when the model reads text
 */
export async function predictSeries(
  predictor: Predictor,
  rows: readonly (readonly number[])[],
  decode: DecodeSettings = greedySettings,
): Promise<Prediction> {
  const { model, encoding } = predictor;
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
  const input = { steps: seen.length, tokens: null, series: encodeSeries(encoding, seen) };
  if (encoding.binding.task === 'sequence-to-sequence') {
    return { kind: 'sequence', tokens: [], unknown: [], hypotheses: await predictSequence(predictor, input, decode) };
  }
  const values = await forward(model, input);
  if (encoding.classes === null) return numbers(encoding, values);
  const tokens = seen.map((row) => row.join(' '));
  return { kind: 'class', tokens, unknown: tokens.map(() => false), ranked: classRows(model, encoding.classes, values)[0] ?? [] };
}

interface OneExample {
  readonly steps: number;
  readonly tokens: Int32Array | null;
  readonly series: Float32Array | null;
}

/** The head's raw outputs for one example. Runs between two training steps, never inside one: it does not wait before its end. */
async function forward(model: Model, { steps, tokens, series }: OneExample): Promise<Float32Array> {
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
