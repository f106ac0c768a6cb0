import type { EncodedSplit, Normalization } from './dataset.ts';
import type { Gathered, TokenRows } from './gather.ts';
import { NormalizationFit } from './normalization.ts';
import { sharedFloat32, sharedIds, sharedInt32, sharedUint32 } from './shared-memory.ts';
import { splitIds, type splitNames } from './split.ts';
import { shownIndices } from './spread.ts';
import type { Turns } from './turns.ts';
import type { Vocabulary } from './vocabulary.ts';

type Splits = Readonly<Record<(typeof splitNames)[number], EncodedSplit>>;

export interface Encoders {
  readonly vocabulary: Vocabulary | null;
  readonly input: Normalization | null;
  readonly target: Normalization | null;
  readonly idOfLabel: Int32Array | null;
  readonly perStep: boolean;
}

/** Mean and deviation of every input column over the training split's steps. */
export async function fitInputs(
  gathered: Gathered,
  assignment: Uint8Array,
  names: readonly string[],
  turns: Turns,
): Promise<Normalization> {
  const width = names.length;
  const fit = new NormalizationFit(names);
  await eachExample(gathered, assignment, splitIds.train, turns, (_example, start, end) => {
    for (let step = start; step < end; step++) fit.add((column) => gathered.series.at(step * width + column));
  });
  return fit.result();
}

/**
 * Mean and deviation of every channel of the training split's pictures, the same for all their places: a pattern must look alike
 * wherever it stands, or a convolution cannot know it again.
 */
export async function fitPictures(
  gathered: Gathered,
  assignment: Uint8Array,
  names: readonly string[],
  channels: number,
  turns: Turns,
): Promise<Normalization> {
  const width = names.length;
  const fit = new NormalizationFit(names.slice(0, channels));
  await eachExample(gathered, assignment, splitIds.train, turns, (_example, start, end) => {
    for (let at = start * width; at < end * width; at += channels) fit.add((channel) => gathered.series.at(at + channel));
  });
  const { mean, deviation } = fit.result();
  const everywhere = (values: readonly number[]): number[] => names.map((_name, column) => values[column % channels] ?? 0);
  return { names, mean: everywhere(mean), deviation: everywhere(deviation) };
}

/** Mean and deviation of every target over the training split. */
export async function fitTargets(
  gathered: Gathered,
  assignment: Uint8Array,
  names: readonly string[],
  turns: Turns,
): Promise<Normalization> {
  const fit = new NormalizationFit(names);
  await eachExample(gathered, assignment, splitIds.train, turns, (example) =>
    fit.add((k) => gathered.numbers.at(example * names.length + k)),
  );
  return fit.result();
}

/** The splits as flat arrays, examples in file order. */
export async function encodeSplits(
  gathered: Gathered,
  assignment: Uint8Array,
  encoders: Encoders,
  turns: Turns,
): Promise<Splits> {
  return {
    train: await encodeSplit(gathered, assignment, splitIds.train, encoders, turns),
    validation: await encodeSplit(gathered, assignment, splitIds.validation, encoders, turns),
    test: await encodeSplit(gathered, assignment, splitIds.test, encoders, turns),
  };
}

async function encodeSplit(
  gathered: Gathered,
  assignment: Uint8Array,
  split: number,
  encoders: Encoders,
  turns: Turns,
): Promise<EncodedSplit> {
  let count = 0;
  let steps = 0;
  await eachExample(gathered, assignment, split, turns, (_example, start, end) => {
    count++;
    steps += end - start;
  });
  const { vocabulary, input, target, idOfLabel, perStep } = encoders;
  const width = input?.mean.length ?? 0;
  const targets = target?.mean.length ?? 0;
  const offsets = sharedUint32(count + 1);
  const lines = new Uint32Array(count);
  const tokens = vocabulary && sharedIds(steps, vocabulary.tokens.length - 1);
  const series = input && sharedFloat32(steps * width);
  const classTargets = idOfLabel && !perStep ? sharedInt32(count) : null;
  const tagTargets = idOfLabel && perStep ? sharedInt32(steps) : null;
  const numberTargets = target && sharedFloat32(count * targets);
  const label = (at: number): number => idOfLabel?.[gathered.labelIds.at(at)] ?? 0;
  const shown = shownIndices(count);
  const unknownTexts: Record<number, string> = {};
  let i = 0;
  let to = 0;
  await eachExample(gathered, assignment, split, turns, (example, start, end) => {
    if (tokens && vocabulary) {
      const texts = gathered.tokens.range(start, end);
      const { idOfText, unknown } = vocabulary;
      // A token that came when the table was full is unknown like any other outside of the vocabulary.
      for (let step = 0; step < end - start; step++) tokens[to + step] = idOfText[texts[step] ?? 0] ?? unknown;
      for (let step = 0; shown.has(i) && step < end - start; step++) {
        const raw = gathered.texts.texts[texts[step] ?? 0];
        if (tokens[to + step] === unknown && raw !== undefined) unknownTexts[to + step] = raw;
      }
    }
    for (let step = start; step < end; step++, to++) {
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
  return { count, offsets, tokens, unknownTexts, series, classTargets, tagTargets, numberTargets, lines };
}

/** Visits the examples of a split with the range of their steps, in file order. */
export async function eachExample(
  { offsets }: Pick<TokenRows, 'offsets'>,
  assignment: Uint8Array,
  split: number,
  turns: Turns,
  visit: (example: number, start: number, end: number) => void,
): Promise<void> {
  for (let example = 0; example < assignment.length; example++) {
    if (assignment[example] === split) visit(example, offsets.at(example), offsets.at(example + 1));
    if (turns.over) await turns.pass();
  }
}
