import { type DataBinding, isRunningText } from '../document/data-binding.ts';
import { UserError } from '../protocol/envelope.ts';
import type { EncodedSplit, PreparedData, PreparedReport, TokenIds } from './dataset.ts';
import { specialTokens } from './dataset.ts';
import { countTruncated } from './encode-targets.ts';
import { fitTokens } from './fit-tokens.ts';
import type { Gathered } from './gather.ts';
import { givenSplits } from './gather.ts';
import { histogram } from './histogram.ts';
import { findLeakage } from './leakage.ts';
import { findPassages, passageLength } from './passage-overlap.ts';
import { plainReport } from './plain-report.ts';
import { inputExcerpt, type PrepareContext, tooFew } from './prepare-examples.ts';
import { sharedIds, sharedInt32 } from './shared-memory.ts';
import { assignSplits, chooseExamples, sharesToCut, splitIds, splitNames } from './split.ts';
import { inputTokens } from './terms.ts';
import { frequentTokens, unknownShare } from './token-report.ts';
import { tokenText } from './token-text.ts';
import type { Turns } from './turns.ts';
import type { Vocabulary } from './vocabulary.ts';

/**
 * Text for a language model (row L20): at every step the target is the next token. A running text is all its tokens in order, line
 * ends among them, after one `<bos>` at the start of a split, cut into chunks (`running`). Rows that are sequences of their own
 * (`line`) each read `<bos> t1 … tn` and are to say `t1 … tn <eos>`, so that sampling from `<bos>` until `<eos>` gives a row;
 * `running-lines` are such rows one after the other.
 */
export async function prepareLanguageModel(
  read: Gathered,
  binding: DataBinding,
  { fingerprint, sourceWarnings, terms, turns }: PrepareContext,
): Promise<PreparedData> {
  const count = read.lines.length;
  const running = binding.languageModel.unit !== 'line';
  const whole = isRunningText(binding);
  if (count === 0 || (!running && count < 2)) throw tooFew(count, read);
  const assignment = running ? inOrder(read, binding) : byRow(read, binding);
  const { rows, counts, vocabulary, merges } = await fitTokens(read, assignment, {
    settings: binding.tokenizer,
    limit: running ? Number.POSITIVE_INFINITY : binding.tokenizer.maxLength,
    known: terms && inputTokens(terms),
    turns,
  });
  const gathered = { ...read, ...rows };
  const encode = async (split: number): Promise<EncodedSplit> => {
    const rowsOfSplit = encodeRows(gathered, assignment, split, vocabulary, whole);
    await turns.pass();
    return running ? cutIntoChunks(rowsOfSplit, binding.languageModel.chunk) : rowsOfSplit;
  };
  const splits = {
    train: await encode(splitIds.train),
    validation: await encode(splitIds.validation),
    test: await encode(splitIds.test),
  };
  if (splits.train.count === 0) throw tooFew(0, gathered);
  const size = vocabulary.tokens.length;
  const facts = { vocabulary: size, classes: size, features: null, targets: null };
  const leaking = running ? [] : await findLeakage(assignment, gathered.hashes.flat(), turns);
  const truncated = countTruncated(gathered, assignment);
  const report: PreparedReport = {
    ...plainReport({ binding, facts, fingerprint }, splits, gathered.log),
    lengths: histogram(sequenceLengths(splits)),
    truncated,
    empty: gathered.empty,
    outOfVocabulary: { validation: unknownShare(splits.validation, vocabulary), test: unknownShare(splits.test, vocabulary) },
    frequentTokens: frequentTokens(gathered.texts.texts, counts, vocabulary),
    leakage: { count: leaking.length, examples: leaking.slice(0, 5).map((row) => inputExcerpt(gathered, row)) },
    warnings: [
      ...sourceWarnings,
      ...warnings(splits, running),
      ...(running ? await remembered(splits, binding, vocabulary, turns) : []),
    ],
  };
  const encoding = {
    binding,
    facts,
    fingerprint,
    vocabulary: vocabulary.tokens,
    ...(merges ? { merges } : {}),
    classes: vocabulary.tokens,
    inputNormalization: null,
    targetNormalization: null,
  };
  return { encoding, splits, report };
}

/** A seeded split of rows that do not depend on each other. */
function byRow(gathered: Gathered, binding: DataBinding): Uint8Array {
  const { validation, test, seed } = binding.split;
  const count = gathered.lines.length;
  return assignSplits(count, chooseExamples(count, binding.limit, seed), {
    validation,
    test,
    seed,
    strata: null,
    groups: gathered.grouped ? gathered.groups.flat() : null,
    given: givenSplits(gathered),
  });
}

/** Of a running text the beginning is for training, the end for testing: what comes later is never seen before. */
function inOrder(gathered: Gathered, binding: DataBinding): Uint8Array {
  const count = gathered.lines.length;
  const given = givenSplits(gathered);
  const assignment = new Uint8Array(count).fill(splitIds.unused);
  const { validation, test } = sharesToCut(given, binding.split);
  const steps = (row: number): number => gathered.offsets.at(row + 1) - gathered.offsets.at(row);
  const first = firstOfEach(given, count, binding.limit);
  const cut = first.filter((row) => (given?.[row] ?? splitIds.train) === splitIds.train);
  const total = Math.max(
    1,
    cut.reduce((sum, row) => sum + steps(row), 0),
  );
  let before = 0;
  cut.forEach((row, i) => {
    const middle = (before + steps(row) / 2) / total;
    if (i === 0 || middle < 1 - validation - test) assignment[row] = splitIds.train;
    else assignment[row] = middle < 1 - test ? splitIds.validation : splitIds.test;
    before += steps(row);
  });
  for (const row of first) if (given && given[row] !== splitIds.train) assignment[row] = given[row] ?? splitIds.unused;
  return assignment;
}

/** The first rows, `limit` in all; of each split that the data names its share. */
function firstOfEach(given: ArrayLike<number> | null, count: number, limit: number | null): Uint32Array {
  const rows = Uint32Array.from({ length: count }, (_unused, row) => row);
  if (limit === null || limit >= count) return rows;
  if (given === null) return rows.subarray(0, limit);
  const sizes = [0, 0, 0];
  for (const split of Array.from(given)) sizes[split] = (sizes[split] ?? 0) + 1;
  const left = sizes.map((size, split) => Math.max(split === splitIds.train ? 1 : 0, Math.floor((limit * size) / count)));
  return rows.filter((row) => {
    const split = given[row] ?? splitIds.train;
    left[split] = (left[split] ?? 0) - 1;
    return (left[split] ?? 0) >= 0;
  });
}

/**
 * Rows of one split, each `<bos> t1 … tn` with the targets `t1 … tn <eos>`.
 *
 * @param whole whether each row goes on where the one before ended instead, and only the first begins with `<bos>`
 */
function encodeRows(
  gathered: Gathered,
  assignment: Uint8Array,
  split: number,
  vocabulary: Vocabulary,
  whole: boolean,
): EncodedSplit {
  const rows: number[] = [];
  let steps = 0;
  for (let row = 0; row < assignment.length; row++) {
    if (assignment[row] !== split) continue;
    rows.push(row);
    steps += gathered.offsets.at(row + 1) - gathered.offsets.at(row) + (whole ? 0 : 1);
  }
  const tokens = sharedIds(steps, vocabulary.tokens.length - 1);
  const tagTargets = sharedInt32(steps);
  const offsets = new Uint32Array(rows.length + 1);
  let to = 0;
  let previous: number = specialTokens.begin;
  rows.forEach((row, i) => {
    const [start, end] = [gathered.offsets.at(row), gathered.offsets.at(row + 1)];
    const texts = gathered.tokens.range(start, end);
    if (!whole) previous = specialTokens.begin;
    for (let step = 0; step < end - start; step++, to++) {
      const id = vocabulary.idOfText[texts[step] ?? 0] ?? specialTokens.unknown;
      tokens[to] = previous;
      tagTargets[to] = id;
      previous = id;
    }
    if (!whole) {
      tokens[to] = previous;
      tagTargets[to++] = specialTokens.end;
    }
    offsets[i + 1] = to;
  });
  const lines = Uint32Array.from(rows, (row) => gathered.lines.at(row));
  return { ...textSplit(tokens, tagTargets), count: rows.length, offsets, lines };
}

/** The same text in chunks of equal length, the last one shorter. A chunk's line is that of the row in which it begins. */
function cutIntoChunks(rows: EncodedSplit, chunk: number): EncodedSplit {
  const steps = rows.offsets[rows.count] ?? 0;
  const count = Math.ceil(steps / chunk);
  const lines = new Uint32Array(count);
  let row = 0;
  for (let i = 0; i < count; i++) {
    while ((rows.offsets[row + 1] ?? steps) <= i * chunk) row++;
    lines[i] = rows.lines[row] ?? 0;
  }
  const offsets = Uint32Array.from({ length: count + 1 }, (_unused, i) => Math.min(i * chunk, steps));
  return { ...rows, count, offsets, lines, running: true };
}

function textSplit(tokens: TokenIds, tagTargets: Int32Array): Omit<EncodedSplit, 'count' | 'offsets' | 'lines'> {
  return { tokens, tagTargets, series: null, classTargets: null, numberTargets: null };
}

function sequenceLengths(splits: PreparedData['splits']): Uint32Array {
  return Uint32Array.from(
    splitNames.flatMap((name) => {
      const { count, offsets } = splits[name];
      return Array.from({ length: count }, (_unused, i) => (offsets[i + 1] ?? 0) - (offsets[i] ?? 0));
    }),
  );
}

function warnings(splits: PreparedData['splits'], running: boolean): string[] {
  const found: string[] = [];
  if (splits.validation.count === 0) found.push('There is no validation text: the baseline is measured on the training text.');
  if (running && splits.train.count < 2)
    found.push('The training text is a single chunk: choose a shorter chunk or a longer text.');
  return found;
}

/** Text of validation and test that the model has read in training; told from one passage in a hundred on. */
async function remembered(
  { train, validation, test }: PreparedData['splits'],
  { tokenizer }: DataBinding,
  { tokens }: Vocabulary,
  turns: Turns,
): Promise<string[]> {
  const ids = (split: EncodedSplit): Int32Array => split.tagTargets ?? new Int32Array();
  const texts = { train: ids(train), validation: ids(validation), test: ids(test) };
  const { found, of, length, examples } = await findPassages(texts, passageLength[tokenizer.level], turns);
  if (found * 100 < of || found === 0) return [];
  const words = (examples[0] ?? []).map((id) => tokens[id] ?? '');
  const text = tokenText(words, tokenizer.level).replace(/\s+/g, ' ').trim();
  return [
    `${found.toLocaleString('en')} of ${of.toLocaleString('en')} passages of validation and test (${length} tokens each) stand in an earlier split, word for word: what the model remembers of them flatters its figures. One is “${text.slice(0, 80)}…”.`,
  ];
}

/** @throws UserError `not-text` when the source gives numbers. */
export function checkText(gathered: Gathered): void {
  if (gathered.features === null) return;
  throw new UserError({
    code: 'not-text',
    message: 'a language model reads text, but this source gives numbers',
    hint: 'Choose a text column as the input, or another task.',
  });
}
