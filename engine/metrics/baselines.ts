import { stepCount, stepStart } from '../data/batches.ts';
import type { EncodedSplit, PreparedData } from '../data/dataset.ts';
import { decodeNumbers } from '../data/encode.ts';
import { naiveForecast } from '../data/naive-forecast.ts';
import { countTargets } from '../data/target-weights.ts';
import { unigramBaselineName, unigramPerplexity } from '../data/unigrams.ts';
import { largestIndex } from '../decode/log-probabilities.ts';
import type { SplitName } from '../document/split-names.ts';
import type { MetricValues } from '../protocol/runs.ts';
import { ClassCounts } from './class-counts.ts';
import { commonTarget, commonTargetErrors } from './common-target.ts';
import { EntityCounts, tagScheme } from './entities.ts';
import { NumberErrors } from './number-errors.ts';
import { RankedScores } from './ranked-scores.ts';
import { textFigures } from './text-figures.ts';

/** What is reached without learning anything; every metric is shown beside it. */
export interface Baseline {
  readonly name: string;
  readonly values: MetricValues;
}

/** The part of prepared data that baselines need. */
export type BaselineData = Pick<PreparedData, 'encoding' | 'splits'>;

/**
 * The trivial baseline on one split: the training split's most frequent class (per step for tags), the series' last known
 * value or the one a season before (forecasting), the frequencies of its tokens (language model), its most frequent
 * target (sequence to sequence), or the training split's mean.
 */
export function baseline(data: BaselineData, split: SplitName): Baseline {
  const { encoding, splits } = data;
  if (encoding.binding.task === 'language-model') {
    const vocabulary = encoding.classes?.length ?? 0;
    const perplexity = unigramPerplexity(splits.train.tagTargets ?? [], splits[split].tagTargets ?? [], vocabulary);
    return { name: unigramBaselineName, values: textFigures(encoding, Math.log(perplexity)) };
  }
  if (encoding.binding.task === 'sequence-to-sequence') {
    const { name, tokens } = commonTarget(splits.train, encoding);
    return { name, values: commonTargetErrors(tokens, splits[split], encoding) };
  }
  return encoding.classes === null
    ? numberBaseline(data, splits[split])
    : majorityClass(encoding.classes, splits.train, splits[split]);
}

function majorityClass(names: readonly string[], train: EncodedSplit, split: EncodedSplit): Baseline {
  const majority = largestIndex(countTargets(train, names.length));
  const counts = new ClassCounts(names);
  const ranked = names.length === 2 ? new RankedScores() : null;
  const add = (target: number): void => {
    counts.add(target, majority);
    ranked?.add(target === 1, 0);
  };
  const scheme = split.tagTargets ? tagScheme(names) : null;
  const found = scheme && new EntityCounts(names, scheme);
  for (let i = 0; i < split.count; i++) {
    if (split.classTargets) add(split.classTargets[i] ?? 0);
    if (split.tagTargets) {
      const start = stepStart(split, i);
      const tags = split.tagTargets.subarray(start, start + stepCount(split, i));
      for (const tag of tags) add(tag);
      found?.add(tags, new Int32Array(tags.length).fill(majority));
    }
  }
  const name = `majority class “${names[majority] ?? ''}”`;
  return { name, values: { ...counts.values(), ...ranked?.values(), ...(found ? { 'entity-f1': found.scores().f1 } : {}) } };
}

function numberBaseline({ encoding, splits }: BaselineData, split: EncodedSplit): Baseline {
  const { targetNormalization: target } = encoding;
  if (target === null || split.numberTargets === null) return { name: 'mean', values: {} };
  const width = target.mean.length;
  const naive = shownBefore(encoding, target.names, split);
  const mean = decodeNumbers(target, meanTarget(splits.train, width));
  const errors = new NumberErrors();
  for (let i = 0; i < split.count; i++) {
    const real = decodeNumbers(target, split.numberTargets.subarray(i * width, (i + 1) * width));
    errors.add(real, naive?.said(i) ?? mean);
  }
  return { name: naive?.name ?? 'mean', values: errors.values() };
}

/** What each example's window shows of its targets, in the data's units; `null` where it is no forecast, or does not show all of them. */
function shownBefore(
  { binding, inputNormalization: input }: BaselineData['encoding'],
  targets: readonly string[],
  split: EncodedSplit,
): { readonly name: string; said(example: number): number[] } | null {
  const { series } = split;
  if (binding.task !== 'forecasting' || input === null || series === null || split.count === 0) return null;
  const columns = targets.map((name) => input.names.indexOf(name));
  if (columns.includes(-1)) return null;
  const { name, step } = naiveForecast({ ...binding.window, length: stepCount(split, 0) });
  const said = (example: number): number[] => {
    const at = (stepStart(split, example) + step) * input.names.length;
    const values = decodeNumbers(input, series.subarray(at, at + input.names.length));
    return columns.map((column) => values[column] ?? 0);
  };
  return { name, said };
}

/** In normalized units `[K]`. */
function meanTarget(train: EncodedSplit, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  train.numberTargets?.forEach((value, i) => {
    sums[i % width] = (sums[i % width] ?? 0) + value;
  });
  return sums.map((sum) => sum / Math.max(1, train.count));
}
