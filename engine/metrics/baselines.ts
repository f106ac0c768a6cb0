import { stepCount, stepStart } from '../data/batches.ts';
import type { EncodedSplit, PreparedData } from '../data/dataset.ts';
import { decodeNumbers } from '../data/encode.ts';
import { naiveForecast } from '../data/naive-forecast.ts';
import { unigramBaselineName, unigramPerplexity } from '../data/unigrams.ts';
import type { SplitName } from '../protocol/data.ts';
import type { MetricValues } from '../protocol/runs.ts';
import { countTargets } from '../training/target-weights.ts';
import { ClassCounts } from './class-counts.ts';
import { commonTarget, commonTargetErrors } from './common-target.ts';
import { EntityCounts, tagScheme } from './entities.ts';
import { largestIndex } from './log-probabilities.ts';
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
    else if (split.tagTargets) {
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
  const { inputNormalization: input, targetNormalization: target } = encoding;
  if (target === null || split.numberTargets === null) return { name: 'mean', values: {} };
  const width = target.mean.length;
  const columns = target.names.map((name) => input?.names.indexOf(name) ?? -1);
  const shown = encoding.binding.task === 'forecasting' && split.series !== null && columns.every((column) => column >= 0);
  const naive = shown && split.count > 0 ? naiveForecast({ ...encoding.binding.window, length: stepCount(split, 0) }) : null;
  const errors = new NumberErrors();
  const mean = meanTarget(splits.train, width);
  const features = input?.mean.length ?? 0;
  for (let i = 0; i < split.count; i++) {
    const real = decodeNumbers(target, split.numberTargets.subarray(i * width, (i + 1) * width));
    const step = (stepStart(split, i) + (naive?.step ?? 0)) * features;
    const said = naive
      ? columns.map((c) => (split.series?.[step + c] ?? 0) * (input?.deviation[c] ?? 1) + (input?.mean[c] ?? 0))
      : decodeNumbers(target, mean);
    errors.add(real, said);
  }
  return { name: naive?.name ?? 'mean', values: errors.values() };
}

/** In normalized units `[K]`. */
function meanTarget(train: EncodedSplit, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  train.numberTargets?.forEach((value, i) => {
    sums[i % width] = (sums[i % width] ?? 0) + value;
  });
  return sums.map((sum) => (train.count === 0 ? 0 : sum / train.count));
}
