import * as tf from '@tensorflow/tfjs-core';
import { type Model, toTensors } from '../../compile/materialize.tf.ts';
import type { DataEncoding } from '../../data/dataset.ts';
import { specialTokens } from '../../data/dataset.ts';
import { decodeNumbers, type EncodedText, encodeSeries, encodeText } from '../../data/encode.ts';
import { specialIds } from '../../data/special-tokens.ts';
import type { TargetSequences } from '../../layers/batch-input.ts';
import { generate } from '../../predict/generate.tf.ts';
import { predictSeries, predictText } from '../../predict/predict.tf.ts';
import type { Predictor } from '../../predict/predictor.ts';
import { encodePrompt } from '../../predict/prompt.ts';
import { UserError } from '../../protocol/envelope.ts';
import type { DecodeSettings, Prediction } from '../../protocol/predict.ts';
import { Random } from '../../random.ts';
import { goldenFiles } from '../features/golden-files.ts';
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
  const targets = model.plan.task === 'sequence-to-sequence' ? targetRows(model, random) : null;
  const batch: GoldenBatch = { rows, ...(targets ? { targets } : {}), outputs: await outputs(model, rows, targets) };
  const predictions = await predictionsOf(model, encoding, random);
  const files = await goldenFiles(encoding.binding.media, seed);
  return { batches: [batch], predictions, ...(files.length > 0 ? { files } : {}) };
}

function predictionsOf(model: Model, encoding: DataEncoding, random: Random): Promise<GoldenPrediction[]> {
  if (model.plan.task === 'sequence-to-sequence') return saidSequences({ model, encoding }, random);
  if (model.plan.task === 'language-model') return generations({ model, encoding }, random);
  return inputName(model.plan) === 'tokens'
    ? textPredictions(model, encoding, random)
    : seriesPredictions(model, encoding, random);
}

/** Previous target tokens of other lengths than the inputs, `<bos>` first. */
function targetRows(model: Model, random: Random): number[][] {
  const vocabulary = model.plan.facts.classes ?? 0;
  const token = (): number => (vocabulary > 4 ? 4 + random.below(vocabulary - 4) : specialTokens.unknown);
  return [2, 6, 1, 4].map((length) => [specialTokens.begin, ...Array.from({ length: length - 1 }, token)]);
}

async function saidSequences(predictor: Predictor, random: Random): Promise<GoldenPrediction[]> {
  const { encoding } = predictor;
  const inputs = encoding.vocabulary === null ? [seriesRows(encoding, random)] : knownTexts(encoding, random);
  const said: GoldenPrediction[] = [];
  for (const input of inputs) {
    const search = (decode: DecodeSettings): Promise<Prediction> =>
      typeof input === 'string' ? predictText(predictor, input, decode) : predictSeries(predictor, input, decode);
    const greedy = await search({ method: 'greedy', maxTokens: null });
    const beam = await search({ method: 'beam', maxTokens: null, width: 4, lengthPenalty: 0.6 });
    if (greedy.kind !== 'sequence' || beam.kind !== 'sequence') throw new Error('expected sequences');
    const [first] = greedy.hypotheses;
    said.push({
      kind: 'sequence',
      input,
      ids: typeof input === 'string' ? [...encodeText(encoding, input).ids] : null,
      greedy: first?.tokens ?? [],
      alignment: first?.alignment ?? null,
      beam: beam.hypotheses.map(({ tokens, text, logProbability }) => ({ tokens, text, logProbability })),
    });
  }
  return said;
}

async function generations(predictor: Predictor, random: Random): Promise<GoldenPrediction[]> {
  const made: GoldenPrediction[] = [];
  for (const prompt of ['', ...knownTexts(predictor.encoding, random), 'one line\nanother']) {
    const settings = { prompt, maxTokens: 24, untilEnd: true, temperature: 1, topK: 1, topP: 1, seed: 1 };
    const { tokens } = await generate(predictor, settings, () => {});
    made.push({ kind: 'generation', prompt, ids: [...encodePrompt(predictor.encoding, prompt).ids], tokens });
  }
  return made;
}

/** Short texts of words that the vocabulary holds, and one that a tokenizer is easily wrong about. */
function knownTexts(encoding: DataEncoding, random: Random): string[] {
  const words = (count: number): string =>
    knownWords(encoding, random, count).join(encoding.binding.tokenizer.level === 'word' ? ' ' : '');
  return [words(3), words(6), difficultTexts[0] ?? ''];
}

/** Random tokens of the vocabulary; of one that came without `<unk>`, those that the tokenizer finds again. */
function knownWords(encoding: DataEncoding, random: Random, count: number): string[] {
  const tokens = encoding.vocabulary ?? [];
  const special = specialIds(tokens).all;
  const known = tokens.filter((_, id) => !special.has(id));
  const words: string[] = [];
  for (let tries = 0; words.length < count && tries < 50 * count; tries++) {
    const word = known[random.below(known.length)] ?? '';
    if (readable(encoding, word) !== null) words.push(word);
  }
  return words;
}

/** `null` for a text that the vocabulary has no ids for. */
function readable(encoding: DataEncoding, text: string): EncodedText | null {
  try {
    return encodeText(encoding, text);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

async function textPredictions(model: Model, encoding: DataEncoding, random: Random): Promise<GoldenPrediction[]> {
  const words = knownWords(encoding, random, 12);
  const predictions: GoldenPrediction[] = [];
  let numbers = 0;
  for (const text of [words.join(encoding.binding.tokenizer.level === 'word' ? ' ' : ''), ...difficultTexts]) {
    const encoded = readable(encoding, text);
    if (encoded === null) continue;
    numbers += headWidth(model.plan) * (everyStep(model.plan) ? encoded.ids.length : 1);
    if (encoded.ids.length === 0 || (predictions.length > 0 && numbers > mostNumbers)) continue;
    const ids = [...encoded.ids];
    predictions.push({ kind: 'text', text, tokens: encoded.tokens, ids, expected: await predicted(model, encoding, ids) });
  }
  return predictions;
}

async function seriesPredictions(model: Model, encoding: DataEncoding, random: Random): Promise<GoldenPrediction[]> {
  const rows = seriesRows(encoding, random);
  const flat = encodeSeries(encoding, rows);
  const width = rows[0]?.length ?? 0;
  const steps = rows.map((_, t) => [...flat.subarray(t * width, (t + 1) * width)]);
  return [{ kind: 'series', rows, expected: await predicted(model, encoding, steps) }];
}

/** Rows of a series in the data's units. */
function seriesRows({ inputNormalization: normalization, binding: { task, window } }: DataEncoding, random: Random): number[][] {
  if (normalization === null) throw new Error('a numeric model without a normalization');
  const length = task === 'forecasting' ? Math.min(window.length, 64) : 8;
  return Array.from({ length }, () =>
    normalization.mean.map((mean, f) => mean + random.normal() * (normalization.deviation[f] ?? 1)),
  );
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
async function outputs(model: Model, rows: readonly Row[], targets: readonly number[][] | null = null): Promise<Nested> {
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
      target: targets && padded(targets),
    });
    const raw = activated(headOf(model.plan).kind, model.forward(input, { dropout: null }));
    return everyStep(model.plan) ? raw.transpose([1, 0, ...raw.shape.slice(2).map((_, i) => i + 2)]) : raw;
  });
  const nested = (await result.array()) as Nested;
  result.dispose();
  const real = targets ?? rows;
  return everyStep(model.plan) ? nested.map((row, b) => (row as Nested).slice(0, real[b]?.length)) : nested;
}

/** Rows of tokens as a batch's target. */
function padded(rows: readonly number[][]): TargetSequences {
  const steps = Math.max(...rows.map((row) => row.length));
  const inputs = new Int32Array(steps * rows.length);
  rows.forEach((row, b) => {
    row.forEach((token, t) => {
      inputs[t * rows.length + b] = token;
    });
  });
  return { steps, inputs, lengths: Int32Array.from(rows, (row) => row.length) };
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
