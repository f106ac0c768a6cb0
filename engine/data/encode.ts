import { isRunningText } from '../document/data-binding.ts';
import type { DataEncoding, Normalization } from './dataset.ts';
import { specialIds } from './special-tokens.ts';
import { type MergeRanks, rankMerges } from './tokenizer/subword.ts';
import { tokenizeText } from './tokenizer/tokenize.ts';
import { idsOf, noSuchToken } from './vocabulary.ts';

export interface EncodedText {
  /** What the model sees, at most `maxLength` tokens; of a running text all. */
  readonly tokens: string[];
  /** `[T]` */
  readonly ids: Int32Array;
  /** Whether each token is outside the vocabulary. */
  readonly unknown: boolean[];
  /** Whether the text had more than `maxLength` tokens. */
  readonly truncated: boolean;
}

/**
 * A text as the model sees it, exactly as in training.
 *
 * @throws UserError `unknown-token` for a token that the vocabulary lacks, where it has no `<unk>`
 */
export function encodeText(encoding: DataEncoding, text: string): EncodedText {
  const settings = encoding.binding.tokenizer;
  const running = isRunningText(encoding.binding);
  const limit = running ? Number.POSITIVE_INFINITY : settings.maxLength;
  const found = tokenizeText(text, settings, limit + 1, mergeRanks(encoding), running);
  const tokens = found.slice(0, limit);
  const ids = tokenIds(encoding);
  const { unknown } = specialIds(encoding.vocabulary ?? []);
  const encoded = Int32Array.from(tokens, (token) => {
    const id = ids.get(token) ?? unknown;
    if (id === null) throw noSuchToken(token);
    return id;
  });
  return {
    tokens,
    ids: encoded,
    unknown: Array.from(encoded, (id) => id === unknown),
    truncated: found.length > tokens.length,
  };
}

const ranks = new WeakMap<DataEncoding, MergeRanks>();

/** Built once per encoding; `null` where tokens are no sub-words. */
function mergeRanks(encoding: DataEncoding): MergeRanks | null {
  if (encoding.binding.tokenizer.level !== 'subword') return null;
  const known = ranks.get(encoding) ?? rankMerges(encoding.merges ?? []);
  ranks.set(encoding, known);
  return known;
}

const indexes = new WeakMap<DataEncoding, ReadonlyMap<string, number>>();

/** Text → id, built once per encoding. */
function tokenIds(encoding: DataEncoding): ReadonlyMap<string, number> {
  const known = indexes.get(encoding);
  if (known) return known;
  const index = idsOf(encoding.vocabulary ?? []);
  indexes.set(encoding, index);
  return index;
}

/** Rows `[T][F]` in the data's units → normalized `[T, F]`. */
export function encodeSeries(encoding: DataEncoding, rows: readonly (readonly number[])[]): Float32Array {
  const normalization = encoding.inputNormalization;
  if (normalization === null) throw new Error('this data is text: it has no numeric input');
  return normalizeRows(normalization, rows);
}

/** Rows `[N][F]` → normalized `[N, F]`. Throws when a row is not F wide. */
export function normalizeRows(normalization: Normalization, rows: readonly (readonly number[])[]): Float32Array {
  const width = normalization.mean.length;
  const out = new Float32Array(rows.length * width);
  rows.forEach((row, t) => {
    if (row.length !== width) throw new RangeError(`row ${t + 1}: expected ${width} numbers, got ${row.length}`);
    row.forEach((value, f) => {
      out[t * width + f] = (value - (normalization.mean[f] ?? 0)) / (normalization.deviation[f] ?? 1);
    });
  });
  return out;
}

/** Normalized numbers → the data's units. `values` is `[…, K]`, any number of rows. */
export function decodeNumbers(normalization: Normalization, values: ArrayLike<number>): number[] {
  const width = normalization.mean.length;
  return Array.from(
    values,
    (value, i) => value * (normalization.deviation[i % width] ?? 1) + (normalization.mean[i % width] ?? 0),
  );
}

/** The file's numbers again, rounded to what float32 has kept of them. */
export function inUnits(normalization: Normalization, normalized: Float32Array): number[] {
  return decodeNumbers(normalization, normalized).map((value, i) => {
    const column = i % normalization.mean.length;
    const scale = Math.max(Math.abs(normalization.mean[column] ?? 0), normalization.deviation[column] ?? 1);
    const digits = Math.min(100, Math.max(0, 5 - Math.floor(Math.log10(scale))));
    return Number(value.toFixed(digits)) + 0;
  });
}
