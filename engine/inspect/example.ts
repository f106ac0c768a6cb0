import { makeBatch, stepCount, stepStart, targetAxis, targetTokens } from '../data/batches.ts';
import { type Batch, type DataEncoding, type EncodedSplit, specialTokens } from '../data/dataset.ts';
import { inUnits, normalizeRows } from '../data/encode.ts';
import { specialIds } from '../data/special-tokens.ts';
import { rankMerges } from '../data/tokenizer/subword.ts';
import { tokenizeText } from '../data/tokenizer/tokenize.ts';
import type { ReadInput } from '../predict/predict.tf.ts';
import { UserError } from '../protocol/envelope.ts';
import type { Trace } from '../protocol/inspect.ts';
import type { Prediction } from '../protocol/predict.ts';

type Said = Extract<Prediction, { kind: 'sequence' }>['hypotheses'][number];

/** One example, with what it should say where that is known. */
export interface Example {
  /** One row. Of a model that says sequences it has a target: what nobody said is what the model itself says. */
  readonly batch: Batch;
  /** What stands at each step `[T]`. */
  readonly words: readonly string[];
  readonly unknown: readonly boolean[];
  readonly target: Trace['target'];
  /** Of how many steps, from the first, the target is known, where it has one a step. */
  readonly known: number;
  /** What a model that says sequences says to it; `null` where nobody has asked it. */
  readonly said: Said | null;
}

/**
 * An input with its target.
 *
 * @param target as a person writes it; `null`: nobody knows
 * @param said what a model that says sequences says to it, greedily; needed where nobody knows the target
 * @throws UserError `wrong-target` when it is none of this model's
 */
export function exampleOf(encoding: DataEncoding, input: ReadInput, target: string | null, said: Said | null): Example {
  const plain = withInput(encoding, input);
  switch (encoding.binding.task) {
    case 'language-model':
      return withNextTokens(encoding, plain, target);
    case 'sequence-to-sequence': {
      const ids = target === null ? saidIds(encoding, said) : idsOfTarget(encoding, target);
      return { ...withSequence(encoding, plain, ids, target !== null), said };
    }
    default:
      return target === null ? plain : withTarget(encoding, plain, target);
  }
}

/** An example of the run's own data. @throws UserError `no-example` */
export function exampleOfSplit(encoding: DataEncoding, split: EncodedSplit, index: number): Example {
  if (index >= split.count) {
    throw new UserError({
      code: 'no-example',
      message: `There is no example ${index + 1} in this split: it has ${split.count}.`,
      hint: 'Choose another row.',
    });
  }
  const batch = makeBatch(split, Uint32Array.of(index), encoding.facts.features);
  const start = stepStart(split, index);
  const ids = split.tokens?.subarray(start, start + stepCount(split, index)) ?? null;
  const { unknown } = specialIds(encoding.vocabulary ?? []);
  const words = split.series === null ? wordsOfSplit(encoding, split, index) : numbersOfBatch(encoding, batch);
  const shown = {
    batch,
    words,
    unknown: ids === null ? words.map(() => false) : Array.from(ids, (id) => id === unknown),
  };
  return {
    ...shown,
    target: { ...targetInWords(encoding, split, index, batch), given: true },
    known: targetAxis(batch).steps,
    said: null,
  };
}

/** Columns of a series whose numbers are written out; of more of them nobody reads a step. */
const mostColumns = 8;

/** The numbers of each step of a single row, in the data's own units, as of a series that is typed; nothing of a recording or a picture. */
function numbersOfBatch({ binding, facts, inputNormalization }: DataEncoding, { steps, series }: Batch): string[] {
  const written = binding.media.kind === 'none' && (facts.features ?? 0) <= mostColumns;
  const numbers = written && series && inputNormalization ? inUnits(inputNormalization, series) : [];
  const width = numbers.length / steps;
  return Array.from({ length: steps }, (_, t) => numbers.slice(t * width, (t + 1) * width).join(' '));
}

/** What stands at the steps of an example `[T]`; nothing where they are numbers. */
export function wordsOfSplit({ vocabulary }: DataEncoding, split: EncodedSplit, index: number): string[] {
  const start = stepStart(split, index);
  return Array.from({ length: stepCount(split, index) }, (_, t) => {
    const id = split.tokens?.[start + t];
    return id === undefined ? '' : (split.unknownTexts?.[start + t] ?? vocabulary?.[id] ?? `#${id}`);
  });
}

type TargetInWords = Omit<NonNullable<Trace['target']>, 'given'>;

function targetInWords(encoding: DataEncoding, split: EncodedSplit, index: number, batch: Batch): TargetInWords {
  const name = (id: number): string => encoding.classes?.[id] ?? `#${id}`;
  if (batch.numberTargets) {
    const { targetNormalization } = encoding;
    const values = targetNormalization ? inUnits(targetNormalization, batch.numberTargets) : [...batch.numberTargets];
    return { kind: 'numbers', values: values.map(String) };
  }
  if (batch.target) return { kind: 'tokens', values: [...Array.from(targetTokens(split, index), name), name(specialTokens.end)] };
  if (batch.tagTargets) {
    const kind = encoding.binding.task === 'language-model' ? 'tokens' : 'tags';
    return { kind, values: Array.from(batch.tagTargets, name) };
  }
  return { kind: 'class', values: Array.from(batch.classTargets ?? [], name) };
}

function withInput({ binding, vocabulary }: DataEncoding, { steps, tokens, series, words, unknown }: ReadInput): Example {
  const batch: Batch = {
    steps,
    rows: 1,
    tokens,
    series,
    lengths: Int32Array.of(steps),
    classTargets: null,
    tagTargets: null,
    numberTargets: null,
    target: null,
    examples: Uint32Array.of(0),
  };
  const plain = { batch, target: null, known: 0, said: null };
  if (binding.task !== 'language-model' || words.length === steps) return { ...plain, words, unknown };
  // Lines of their own: the tokens that begin and end them were not typed.
  const typed = words.values();
  const lacked = unknown.values();
  const own: readonly number[] = [specialTokens.begin, specialTokens.end];
  const all = Array.from(tokens ?? [], (id) =>
    own.includes(id)
      ? { word: vocabulary?.[id] ?? '', lacks: false }
      : { word: typed.next().value ?? '', lacks: lacked.next().value ?? false },
  );
  return { ...plain, words: all.map(({ word }) => word), unknown: all.map(({ lacks }) => lacks) };
}

/** With what a language model should say of it: what stands there. */
export const nextTokens = (encoding: DataEncoding, example: Example): Example => withNextTokens(encoding, example, null);

/** What comes next at each step; after the last one only who typed it knows. */
function withNextTokens(encoding: DataEncoding, example: Example, target: string | null): Example {
  const { batch } = example;
  const next = Int32Array.from({ length: batch.steps }, (_, t) => batch.tokens?.[t + 1] ?? 0);
  const known = target === null ? batch.steps - 1 : batch.steps;
  if (known === 0) return { ...example, batch: { ...batch, tagTargets: null }, target: null, known: 0 };
  if (target !== null) next[batch.steps - 1] = classId(encoding, target);
  const values = Array.from(next.subarray(0, known), (id) => encoding.classes?.[id] ?? `#${id}`);
  return { ...example, batch: { ...batch, tagTargets: next }, target: { kind: 'tokens', values, given: true }, known };
}

function withTarget(encoding: DataEncoding, example: Example, target: string): Example {
  const { batch } = example;
  const { classes, targetNormalization } = encoding;
  if (classes === null) {
    if (targetNormalization === null) throw new Error('number targets without a normalization');
    const values = words(target).map(Number);
    const expected = targetNormalization.mean.length;
    if (values.length !== expected || !values.every(Number.isFinite)) {
      throw wrongTarget(`expected ${expected} ${expected === 1 ? 'number' : 'numbers'}, got “${target}”`);
    }
    const numberTargets = normalizeRows(targetNormalization, [values]);
    return {
      ...example,
      batch: { ...batch, numberTargets },
      target: { kind: 'numbers', values: values.map(String), given: true },
    };
  }
  if (encoding.binding.task !== 'step-tagging') {
    const classTargets = Int32Array.of(classId(encoding, target));
    return { ...example, batch: { ...batch, classTargets }, target: { kind: 'class', values: [target], given: true } };
  }
  const tags = words(target);
  if (tags.length !== batch.steps) throw wrongTarget(`expected one tag a token, ${batch.steps}, got ${tags.length}`);
  const tagTargets = Int32Array.from(tags, (tag) => classId(encoding, tag));
  return { ...example, batch: { ...batch, tagTargets }, target: { kind: 'tags', values: tags, given: true }, known: tags.length };
}

/** @param ids without `<eos>` unless the model said it */
function withSequence(encoding: DataEncoding, example: Example, ids: readonly number[], given: boolean): Example {
  const tagTargets = Int32Array.from(ids);
  const inputs = Int32Array.from(ids, (_, u) => (u === 0 ? specialTokens.begin : (ids[u - 1] ?? 0)));
  const target = { steps: ids.length, inputs, lengths: Int32Array.of(ids.length) };
  const values = ids.map((id) => encoding.classes?.[id] ?? `#${id}`);
  return {
    ...example,
    batch: { ...example.batch, tagTargets, target },
    target: { kind: 'tokens', values, given },
    known: ids.length,
  };
}

/** What the model says by itself, and that it ends where it does. */
function saidIds(encoding: DataEncoding, said: Said | null): readonly number[] {
  const ids = (said?.tokens ?? []).map((token) => classId(encoding, token));
  return said?.finished === false && ids.length > 0 ? ids : [...ids, specialTokens.end];
}

/** Tokens of a target text as in training, its end included. */
function idsOfTarget(encoding: DataEncoding, text: string): readonly number[] {
  const { targetTokenizer } = encoding.binding;
  const ranks = targetTokenizer.level === 'subword' ? rankMerges(encoding.targetMerges ?? []) : null;
  const tokens = tokenizeText(text, targetTokenizer, targetTokenizer.maxLength, ranks);
  const ids = idsByName(encoding);
  return [...tokens.map((token) => ids.get(token) ?? specialTokens.unknown), specialTokens.end];
}

/** The class, tag or token of a name. @throws UserError `wrong-target` */
export function classId(encoding: DataEncoding, name: string): number {
  const id = idsByName(encoding).get(name);
  if (id !== undefined) return id;
  const classes = encoding.classes ?? [];
  throw wrongTarget(
    `there is no ${JSON.stringify(name)} among ${classes.slice(0, 8).join(', ')}${classes.length > 8 ? ', …' : ''}`,
  );
}

const names = new WeakMap<DataEncoding, ReadonlyMap<string, number>>();

function idsByName(encoding: DataEncoding): ReadonlyMap<string, number> {
  const known = names.get(encoding) ?? new Map((encoding.classes ?? []).map((name, id) => [name, id]));
  names.set(encoding, known);
  return known;
}

const words = (text: string): string[] =>
  text
    .trim()
    .split(/[\s,]+/)
    .filter((word) => word !== '');

const wrongTarget = (what: string): UserError =>
  new UserError({
    code: 'wrong-target',
    message: `The target is none of this model’s: ${what}.`,
    hint: 'Give another target, or none.',
  });
