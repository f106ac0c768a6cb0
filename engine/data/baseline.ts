import { commonTarget, commonTargetErrors } from '../metrics/common-target.ts';
import type { DataReport } from '../protocol/data.ts';
import type { DataEncoding, EncodedSplit } from './dataset.ts';

export type Baseline = DataReport['baseline'];

/** Always the training split's most frequent class: its share of the validation split. */
export function majorityBaseline(train: Int32Array, judged: Int32Array, names: readonly string[]): Baseline {
  const counts = new Uint32Array(names.length);
  for (const label of train) counts[label] = (counts[label] ?? 0) + 1;
  let majority = 0;
  counts.forEach((count, label) => {
    if (count > (counts[majority] ?? 0)) majority = label;
  });
  let right = 0;
  for (const label of judged) if (label === majority) right++;
  return {
    name: `majority class “${names[majority] ?? ''}”`,
    metric: 'accuracy',
    value: judged.length === 0 ? 0 : right / judged.length,
  };
}

/**
 * Root mean squared error of a prediction in the data's units, over all numbers.
 *
 * @param predicted and targets `[N, K]`
 */
export function errorBaseline(name: string, predicted: (i: number) => number, targets: ArrayLike<number>): Baseline {
  let squares = 0;
  for (let i = 0; i < targets.length; i++) squares += (predicted(i) - (targets[i] ?? 0)) ** 2;
  return { name, metric: 'rmse', value: targets.length === 0 ? 0 : Math.sqrt(squares / targets.length) };
}

/** Always the training split's most frequent target sequence: its token error rate. */
export function targetBaseline(
  train: EncodedSplit,
  judged: EncodedSplit,
  encoding: Pick<DataEncoding, 'binding' | 'classes'>,
): Baseline {
  const { name, tokens } = commonTarget(train, encoding);
  return { name, metric: 'token-error-rate', value: commonTargetErrors(tokens, judged, encoding)['token-error-rate'] ?? 0 };
}
