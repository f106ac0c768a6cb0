import type { EncodedSplit, Normalization } from './dataset.ts';
import type { Gathered } from './gather.ts';
import { NormalizationFit } from './normalization.ts';
import { splitIds, type splitNames } from './split.ts';
import { tokenArray, type Vocabulary } from './vocabulary.ts';

type Splits = Readonly<Record<(typeof splitNames)[number], EncodedSplit>>;

export interface Encoders {
  readonly vocabulary: Vocabulary | null;
  readonly input: Normalization | null;
  readonly target: Normalization | null;
  readonly idOfLabel: Int32Array | null;
  readonly perStep: boolean;
}

/** How often each different token occurs in the training split `[texts]`. */
export function countTokens(gathered: Gathered, assignment: Uint8Array): Uint32Array {
  const counts = new Uint32Array(gathered.texts.texts.length);
  eachExample(gathered, assignment, splitIds.train, (_example, start, end) => {
    for (let step = start; step < end; step++) {
      const text = gathered.tokens.at(step);
      if (text >= 0) counts[text] = (counts[text] ?? 0) + 1;
    }
  });
  return counts;
}

/** Mean and deviation of every input column over the training split's steps. */
export function fitInputs(gathered: Gathered, assignment: Uint8Array, names: readonly string[]): Normalization {
  const width = names.length;
  const fit = new NormalizationFit(names);
  eachExample(gathered, assignment, splitIds.train, (_example, start, end) => {
    for (let step = start; step < end; step++) fit.add((column) => gathered.series.at(step * width + column));
  });
  return fit.result();
}

/** Mean and deviation of every target over the training split. */
export function fitTargets(gathered: Gathered, assignment: Uint8Array, names: readonly string[]): Normalization {
  const fit = new NormalizationFit(names);
  eachExample(gathered, assignment, splitIds.train, (example) => fit.add((k) => gathered.numbers.at(example * names.length + k)));
  return fit.result();
}

/** The splits as flat arrays, examples in file order. */
export function encodeSplits(gathered: Gathered, assignment: Uint8Array, encoders: Encoders): Splits {
  return {
    train: encodeSplit(gathered, assignment, splitIds.train, encoders),
    validation: encodeSplit(gathered, assignment, splitIds.validation, encoders),
    test: encodeSplit(gathered, assignment, splitIds.test, encoders),
  };
}

function encodeSplit(gathered: Gathered, assignment: Uint8Array, split: number, encoders: Encoders): EncodedSplit {
  let count = 0;
  let steps = 0;
  eachExample(gathered, assignment, split, (_example, start, end) => {
    count++;
    steps += end - start;
  });
  const { vocabulary, input, target, idOfLabel, perStep } = encoders;
  const width = input?.mean.length ?? 0;
  const targets = target?.mean.length ?? 0;
  const offsets = new Uint32Array(count + 1);
  const lines = new Uint32Array(count);
  const tokens = vocabulary && tokenArray(steps, vocabulary.tokens.length);
  const series = input && new Float32Array(steps * width);
  const classTargets = idOfLabel && !perStep ? new Int32Array(count) : null;
  const tagTargets = idOfLabel && perStep ? new Int32Array(steps) : null;
  const numberTargets = target && new Float32Array(count * targets);
  const label = (at: number): number => idOfLabel?.[gathered.labelIds.at(at)] ?? 0;
  let i = 0;
  let to = 0;
  eachExample(gathered, assignment, split, (example, start, end) => {
    for (let step = start; step < end; step++, to++) {
      // -1, a token that was never told apart, is unknown like any other outside of the vocabulary.
      if (tokens && vocabulary) tokens[to] = vocabulary.idOfText[gathered.tokens.at(step)] ?? 1;
      if (tagTargets) tagTargets[to] = label(step);
      if (series && input) {
        for (let f = 0; f < width; f++) {
          series[to * width + f] = (gathered.series.at(step * width + f) - (input.mean[f] ?? 0)) / (input.deviation[f] ?? 1);
        }
      }
    }
    if (classTargets) classTargets[i] = label(example);
    if (numberTargets && target) {
      for (let k = 0; k < targets; k++) {
        numberTargets[i * targets + k] =
          (gathered.numbers.at(example * targets + k) - (target.mean[k] ?? 0)) / (target.deviation[k] ?? 1);
      }
    }
    lines[i] = gathered.lines.at(example);
    offsets[++i] = to;
  });
  return { count, offsets, tokens, series, classTargets, tagTargets, numberTargets, lines };
}

function eachExample(
  gathered: Gathered,
  assignment: Uint8Array,
  split: number,
  visit: (example: number, start: number, end: number) => void,
): void {
  for (let example = 0; example < assignment.length; example++) {
    if (assignment[example] === split) visit(example, gathered.offsets.at(example), gathered.offsets.at(example + 1));
  }
}
