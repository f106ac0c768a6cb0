import type { DataBinding } from '../document/data-binding.ts';
import type { DataReport } from '../protocol/data.ts';
import { UserError } from '../protocol/envelope.ts';
import { orderClasses } from './class-names.ts';
import type { DataEncoding, EncodedSplit, PreparedData, PreparedReport } from './dataset.ts';
import { specialTokenNames } from './dataset.ts';

import { encodeSplits, fitInputs, fitPictures, fitTargets } from './encode-splits.ts';
import { countTruncated, longestTarget, reportTargets, targetWarnings, withTargets } from './encode-targets.ts';
import { fitTokens } from './fit-tokens.ts';
import type { Gathered } from './gather.ts';
import { givenSplits, mostDistinctTokens } from './gather.ts';
import { histogram } from './histogram.ts';
import { alikeLabels, joinedLabels } from './joined-labels.ts';
import { findLeakage } from './leakage.ts';
import { mediaPictureSize } from './media/read-media.ts';
import { plainReport } from './plain-report.ts';
import type { ColumnNames } from './raw-example.ts';
import { assignSplits, chooseExamples, splitIds, splitNames } from './split.ts';
import { inputTokens, saidTokens } from './terms.ts';
import { frequentTokens, unknownShare } from './token-report.ts';
import type { Turns } from './turns.ts';

/** What preparing needs beside the rows that were read. */
export interface PrepareContext {
  readonly fingerprint: string;
  readonly sourceWarnings: readonly string[];
  /** A model in whose tokens the data is read; `null` learns them. */
  readonly terms: DataEncoding | null;
  readonly turns: Turns;
}

/** Splits, fits on the training split, encodes, and reports: everything but reading, for tasks whose examples are rows of their own. */
export async function prepareExamples(
  read: Gathered,
  binding: DataBinding,
  names: ColumnNames,
  { fingerprint, sourceWarnings, terms, turns }: PrepareContext,
): Promise<PreparedData> {
  const count = read.lines.length;
  if (count < 2) throw tooFew(count, read);
  const perStep = binding.task === 'step-tagging';
  const numbers = binding.task === 'sequence-regression';
  const sequences = binding.task === 'sequence-to-sequence';
  const classes = numbers || sequences ? null : orderClasses(read.labels.texts);
  const { validation, test, seed, stratify } = binding.split;
  const assignment = assignSplits(count, chooseExamples(count, binding.limit, seed), {
    validation,
    test,
    seed,
    strata: classes && !perStep && stratify ? Array.from(read.labelIds.flat(), (label) => classes.idOfLabel[label] ?? 0) : null,
    groups: read.grouped ? read.groups.flat() : null,
    given: givenSplits(read),
  });
  if (!assignment.includes(splitIds.train)) throw tooFew(0, read);
  await turns.pass();
  if (perStep) refuseSingleTokens(read);
  const width = read.features;
  const { tokenizer, targetTokenizer } = binding;
  const fitted =
    width === null
      ? await fitTokens(read, assignment, {
          settings: tokenizer,
          limit: tokenizer.maxLength,
          known: terms && inputTokens(terms),
          turns,
        })
      : null;
  const gathered = { ...read, ...fitted?.rows };
  const vocabulary = fitted?.vocabulary ?? null;
  const inputNames =
    width === null
      ? []
      : names.inputs.length === width
        ? names.inputs
        : Array.from({ length: width }, (_unused, i) => `x${i + 1}`);
  const pictures = mediaPictureSize(binding.media);
  const input =
    width === null
      ? null
      : pictures
        ? await fitPictures(gathered, assignment, inputNames, pictures.channels, turns)
        : await fitInputs(gathered, assignment, inputNames, turns);
  const target = numbers ? await fitTargets(gathered, assignment, names.targets, turns) : null;
  const said = sequences
    ? await fitTokens(read.targets, assignment, {
        settings: targetTokenizer,
        limit: targetTokenizer.maxLength,
        known: terms && saidTokens(terms),
        turns,
      })
    : null;
  const encoded = await encodeSplits(
    gathered,
    assignment,
    {
      vocabulary,
      input,
      target,
      idOfLabel: classes?.idOfLabel ?? null,
      perStep,
    },
    turns,
  );
  const splits = said ? await withTargets(encoded, said, assignment, turns) : encoded;
  const facts = {
    vocabulary: vocabulary?.tokens.length ?? null,
    classes: classes?.names.length ?? said?.vocabulary.tokens.length ?? null,
    features: width,
    targets: target?.mean.length ?? null,
    ...(pictures === undefined ? {} : { image: pictures }),
  };
  const labels = (split: EncodedSplit): Int32Array => split.tagTargets ?? split.classTargets ?? new Int32Array(0);
  const classCounts = classes ? countClasses(classes.names, splits, labels) : [];
  const trainCounts = classCounts.map((entry) => entry.train);
  await turns.pass();
  const truncated = countTruncated(gathered, assignment);
  const leaking = await findLeakage(assignment, gathered.hashes.flat(), turns);
  await turns.pass();
  const targets = said && reportTargets(said, assignment, splits);
  await turns.pass();
  const lengths = exampleLengths(gathered, assignment);
  const report: PreparedReport = {
    ...plainReport({ binding, facts, fingerprint }, splits, gathered.log),
    classes: classCounts,
    lengths: histogram(lengths),
    truncated,
    empty: gathered.empty,
    outOfVocabulary: fitted && {
      validation: unknownShare(splits.validation, fitted.vocabulary),
      test: unknownShare(splits.test, fitted.vocabulary),
    },
    frequentTokens: fitted ? frequentTokens(gathered.texts.texts, fitted.counts, fitted.vocabulary) : [],
    ...(targets ? { targets } : {}),
    leakage: { count: leaking.length, examples: leaking.slice(0, 5).map((example) => inputExcerpt(gathered, example)) },
    imbalance: trainCounts.length > 0 ? Math.max(...trainCounts) / Math.max(1, Math.min(...trainCounts)) : null,
    warnings: [
      ...sourceWarnings,
      ...warnings(gathered, splits, classCounts, {
        lengths,
        vocabulary: vocabulary?.tokens.length ?? null,
      }),
      ...(classes && !perStep ? [...joinedLabels(classes.names), ...alikeLabels(classes.names)] : []),
      ...(targets ? targetWarnings(facts.classes ?? 0) : []),
    ],
  };
  return {
    encoding: {
      binding,
      facts,
      fingerprint,
      vocabulary: vocabulary?.tokens ?? null,
      ...(fitted?.merges ? { merges: fitted.merges } : {}),
      classes: classes?.names ?? said?.vocabulary.tokens ?? null,
      ...(said?.merges ? { targetMerges: said.merges } : {}),
      ...(said ? { longestTarget: longestTarget(splits.train) } : {}),
      inputNormalization: input,
      targetNormalization: target,
    },
    splits,
    report,
  };
}

/** @throws UserError `one-token-rows` where each row of a tagging task is one token: as sentences they would be read wrong */
function refuseSingleTokens({ offsets, lines }: Gathered): void {
  const single = (row: number): boolean => offsets.at(row + 1) - offsets.at(row) === 1;
  const count = lines.length;
  for (let row = 0; row < count; row++) if (!single(row)) return;
  throw new UserError({
    code: 'one-token-rows',
    message: `every row holds one token with its tag, from line ${lines.at(0)} on: expected a sentence a row, its tokens and tags between spaces`,
    hint: 'Choose the column that tells sentences apart under Reading, write the tokens of a sentence into one row, or one token a line with an empty line after each sentence (CoNLL columns).',
    row: lines.at(0),
  });
}

export function tooFew(count: number, gathered: Gathered): UserError {
  const [first] = gathered.log.rows;
  return new UserError({
    code: 'too-few-examples',
    message:
      `expected at least 2 usable examples, found ${count}` +
      (first ? `; ${gathered.log.count} bad rows, the first at line ${first.line}: ${first.reason}` : ''),
    hint: first
      ? 'Look at the bad rows in the Data panel: the column mapping or the delimiter may be wrong.'
      : 'Choose a file with more rows. Those of a JSON file are one array of objects, or one object a line.',
    ...(first ? { row: first.line } : {}),
  });
}

type Splits = PreparedData['splits'];

function countClasses(
  names: readonly string[],
  splits: Splits,
  labels: (split: EncodedSplit) => Int32Array,
): DataReport['classes'] {
  const rows = names.map((name) => ({ name, train: 0, validation: 0, test: 0 }));
  for (const split of splitNames) {
    for (const label of labels(splits[split])) {
      const row = rows[label];
      if (row) row[split]++;
    }
  }
  return rows;
}

function exampleLengths(gathered: Gathered, assignment: Uint8Array): Uint32Array {
  const lengths = new Uint32Array(assignment.length);
  let used = 0;
  for (let i = 0; i < assignment.length; i++) {
    if (assignment[i] !== splitIds.unused) lengths[used++] = gathered.offsets.at(i + 1) - gathered.offsets.at(i);
  }
  return lengths.subarray(0, used);
}

/** The first steps of an example, for a look. */
export function inputExcerpt(gathered: Gathered, example: number): string {
  const start = gathered.offsets.at(example);
  const end = Math.min(gathered.offsets.at(example + 1), start + 20);
  const width = gathered.features;
  const parts: string[] = [];
  for (let step = start; step < end; step++) {
    parts.push(
      width === null ? (gathered.texts.texts[gathered.tokens.at(step)] ?? '…') : String(gathered.series.at(step * width)),
    );
  }
  return parts.join(' ');
}

function warnings(
  gathered: Gathered,
  splits: Splits,
  classes: DataReport['classes'],
  { lengths, vocabulary }: { lengths: Uint32Array; vocabulary: number | null },
): string[] {
  const found: string[] = [];
  if (splits.validation.count === 0)
    found.push('There are no validation examples: the baseline is measured on the training split.');
  if (classes.length === 1)
    found.push(`Every example has the same label “${classes[0]?.name ?? ''}”: there is nothing to learn.`);
  const absent = classes.filter((entry) => entry.train === 0);
  if (absent.length > 0)
    found.push(
      `No training example has the label ${absent
        .slice(0, 5)
        .map((entry) => `“${entry.name}”`)
        .join(', ')}.`,
    );
  if (gathered.features === null) found.push(...singleTokens(lengths));
  if (gathered.texts.overflowed) {
    found.push(
      `There are more than ${mostDistinctTokens.toLocaleString('en')} different tokens; the ones that appear after that count as unknown.`,
    );
  }
  if (vocabulary === specialTokenNames.length) found.push('The vocabulary is empty: lower the minimum count.');
  return found;
}

/** A recurrent layer carries something from one token to the next: most texts should have more than one. */
function singleTokens(lengths: Uint32Array): string[] {
  const single = lengths.reduce((count, length) => count + (length === 1 ? 1 : 0), 0);
  if (single * 2 <= lengths.length) return [];
  const share = single === lengths.length ? 'Every example is' : `${single} of ${lengths.length} examples are`;
  return [
    `${share} a single token: nothing is carried from one step to the next. Split the text into characters, or choose another input column.`,
  ];
}
