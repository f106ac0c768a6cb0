import * as tf from '@tensorflow/tfjs-core';
import { type Model, toTensors } from '../../compile/materialize.tf.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { decodeNumbers, encodeSeries, encodeText } from '../../data/encode.ts';
import { Random } from '../../random.ts';
import type { GoldenBatch, GoldenPrediction, Goldens, Nested } from './goldens.ts';
import { everyStep, headOf, headWidth, inputName } from './torch-plan.ts';

/** Lengths of the padded batch: the longest, ones in between, and a single step. */
const lengths = [7, 3, 5, 1] as const;

/** Texts that a tokenizer is easily wrong about, beside words that the vocabulary holds. */
const difficultTexts = [
  'Kate Farrahi and Jonathon Hare teach deep learning',
  'Don’t   split\tthis, "quoted" text… café, CAFE\u0301, naïve—and 3.14 (€5)!\nNew line; ‘o’clock’ and rock-’n’-roll 100%',
  'ΌΔΟΣ İstanbul Straße ﬁne 你好，世界 👩‍👩‍👧 a_b <unk> <pad> \\n "; import os',
];

/** Of all texts together, so that a model of many thousand classes gets a test that is still small. */
const mostNumbers = 500_000;

/** Ids or vectors of one row. */
type Row = GoldenBatch['rows'][number];

/**
 * Inputs and what the app gives for them: a padded batch of seeded random rows, and inputs as a user gives them, tokenizer or
 * normalization included. Runs on the current backend.
 */
export async function computeGoldens(model: Model, encoding: DataEncoding, seed = 1): Promise<Goldens> {
  const random = new Random(seed, 'goldens');
  const tokens = inputName(model.plan) === 'tokens';
  const vocabulary = encoding.vocabulary?.length ?? model.plan.facts.vocabulary ?? 0;
  const features = model.plan.facts.features ?? 0;
  const row = (length: number): Row =>
    Array.from({ length }, () =>
      tokens ? 1 + random.below(vocabulary - 1) : Array.from({ length: features }, () => random.normal()),
    );
  const rows = lengths.map(row);
  const batch: GoldenBatch = { rows, outputs: await outputs(model, rows) };
  const predictions = tokens ? await textPredictions(model, encoding, random) : await seriesPredictions(model, encoding, random);
  return { batches: [batch], predictions };
}

async function textPredictions(model: Model, encoding: DataEncoding, random: Random): Promise<GoldenPrediction[]> {
  const known = (encoding.vocabulary ?? []).slice(4);
  const words = Array.from({ length: 12 }, () => known[random.below(known.length)] ?? '');
  const predictions: GoldenPrediction[] = [];
  let numbers = 0;
  for (const text of [words.join(encoding.binding.tokenizer.level === 'word' ? ' ' : ''), ...difficultTexts]) {
    const encoded = encodeText(encoding, text);
    numbers += headWidth(model.plan) * (everyStep(model.plan) ? encoded.ids.length : 1);
    if (encoded.ids.length === 0 || (predictions.length > 0 && numbers > mostNumbers)) continue;
    const ids = [...encoded.ids];
    predictions.push({ kind: 'text', text, tokens: encoded.tokens, ids, expected: await predicted(model, encoding, ids) });
  }
  return predictions;
}

async function seriesPredictions(model: Model, encoding: DataEncoding, random: Random): Promise<GoldenPrediction[]> {
  const normalization = encoding.inputNormalization;
  if (normalization === null) throw new Error('a numeric model without a normalization');
  const { task, window } = encoding.binding;
  const length = task === 'forecasting' ? Math.min(window.length, 64) : 8;
  const rows = Array.from({ length }, () =>
    normalization.mean.map((mean, f) => mean + random.normal() * (normalization.deviation[f] ?? 1)),
  );
  const flat = encodeSeries(encoding, rows);
  const width = normalization.mean.length;
  const steps = rows.map((_, t) => [...flat.subarray(t * width, (t + 1) * width)]);
  return [{ kind: 'series', rows, expected: await predicted(model, encoding, steps) }];
}

/** What the user sees for one row: probabilities of every class, or numbers in the data's units. */
async function predicted(model: Model, encoding: DataEncoding, row: Row): Promise<Nested> {
  const [output] = await outputs(model, [row]);
  switch (headOf(model.plan).kind) {
    case 'linear-regression': {
      const values = output as Nested as readonly number[];
      return encoding.targetNormalization === null ? values : decodeNumbers(encoding.targetNormalization, values);
    }
    case 'dense-sigmoid':
      return typeof output === 'number'
        ? [1 - output, output]
        : ((output ?? []) as readonly number[]).map((probability) => [1 - probability, probability]);
    default:
      return exponential((output ?? []) as Nested);
  }
}

const exponential = (values: Nested): Nested =>
  values.map((value) => (typeof value === 'number' ? Math.exp(value) : exponential(value)));

/** What the exported module's `forward` must return, for rows run as one padded batch: `[B]…` with real steps only. */
async function outputs(model: Model, rows: readonly Row[]): Promise<Nested> {
  const steps = Math.max(...rows.map((row) => row.length));
  const count = rows.length;
  const tokens = inputName(model.plan) === 'tokens';
  const width = tokens ? 1 : (model.plan.facts.features ?? 0);
  const flat = new Float32Array(steps * count * width);
  rows.forEach((row, b) => {
    row.forEach((value, t) => {
      const at = (t * count + b) * width;
      if (typeof value === 'number') flat[at] = value;
      else flat.set(value, at);
    });
  });
  const result = tf.tidy(() => {
    const input = toTensors({
      steps,
      rows: count,
      tokens: tokens ? Int32Array.from(flat) : null,
      series: tokens ? null : flat,
      lengths: Int32Array.from(rows, (row) => row.length),
    });
    const raw = activated(headOf(model.plan).kind, model.forward(input, { training: false, dropout: null }));
    return everyStep(model.plan) ? raw.transpose([1, 0, ...raw.shape.slice(2).map((_, i) => i + 2)]) : raw;
  });
  const nested = (await result.array()) as Nested;
  result.dispose();
  return everyStep(model.plan) ? nested.map((row, b) => (row as Nested).slice(0, rows[b]?.length)) : nested;
}

/** The head's activation, as the exported module applies it: log-softmax, logistic without the last axis, or none. */
export function activated(kind: string, logits: tf.Tensor): tf.Tensor {
  switch (kind) {
    case 'dense-softmax':
      return tf.logSoftmax(logits, -1);
    case 'dense-sigmoid':
      return tf.squeeze(tf.sigmoid(logits), [-1]);
    default:
      return logits;
  }
}
