import type { PreparedData } from '../data/dataset.ts';
import type { SplitName } from '../document/split-names.ts';
import type { DataReport } from '../protocol/data.ts';
import type { RunSummary } from '../protocol/runs.ts';
import { type BaselineData, baseline } from './baselines.ts';

type Headline = RunSummary['headline'];

/** The one metric that a run is judged by, with its baseline on the split that the run is validated on. */
export function headline(data: BaselineData, split: SplitName): Headline {
  const { metric, higherIsBetter } = headlineMetric(data.encoding);
  const trivial = baseline(data, split);
  return {
    metric,
    higherIsBetter,
    baseline: trivial.values[metric] ?? 0,
    baselineName: trivial.name,
  };
}

/** Where a model is judged while it trains: on the validation split, on that for training where there is none. */
export const judgedSplit = ({ validation }: PreparedData['splits']): 'validation' | 'train' =>
  validation.count > 0 ? 'validation' : 'train';

/** What is told of the data, with what a trivial guess reaches on the split that is judged. */
export function wholeReport(data: PreparedData): DataReport {
  const { metric, baseline, baselineName } = headline(data, judgedSplit(data.splits));
  return { ...data.report, baseline: { name: baselineName, metric, value: baseline } };
}

/** What weights are the best in, before any data is looked at. */
export function headlineMetric({
  binding,
  classes,
}: Pick<BaselineData['encoding'], 'binding' | 'classes'>): Pick<Headline, 'metric' | 'higherIsBetter'> {
  if (binding.task === 'language-model') return { metric: 'perplexity', higherIsBetter: false };
  if (binding.task === 'sequence-to-sequence') return { metric: 'token-error-rate', higherIsBetter: false };
  return classes === null ? { metric: 'rmse', higherIsBetter: false } : { metric: 'accuracy', higherIsBetter: true };
}

/** Whether `value` beats `best`. What is not a number beats nothing, and every number beats it. */
export function isBetter(by: Headline, value: number, best: number): boolean {
  if (Number.isNaN(best)) return !Number.isNaN(value);
  return by.higherIsBetter ? value > best : value < best;
}
