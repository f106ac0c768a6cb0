import { chooseLoss, headKind } from '../compile/loss-kind.ts';
import type { Batch, DataEncoding } from '../data/dataset.ts';
import { classCount, logProbabilities } from '../decode/log-probabilities.ts';
import type { Array32 } from './arrays.tf.ts';
import type { Objective } from './objective.tf.ts';
import type { Subject } from './subject.ts';

/** How a picked output number is told in the data's own unit: `scale` times it, plus `shift`. `null` where what is picked is none. */
export function dataUnit(
  { targetNormalization }: DataEncoding,
  objective: Objective,
): { readonly scale: number; readonly shift: number } | null {
  const [column] = objective.kind === 'numbers' ? objective.terms : [];
  if (column === undefined) return null;
  const { mean, deviation } = targetNormalization ?? {};
  return { scale: deviation?.[column.index] ?? 1, shift: mean?.[column.index] ?? 0 };
}

/**
 * What `objectiveValue` is, of each row by itself and in double precision `[B]`.
 *
 * @param logits `[T, B, C]` or `[B, C]`
 */
export function pickedValues(
  { model: { plan }, training }: Subject,
  { rows, numberTargets }: Batch,
  objective: Objective,
  { shape, data }: Array32,
): Float64Array {
  const values = new Float64Array(rows);
  const width = shape.at(-1) ?? 1;
  const add = (row: number, value: number): void => {
    values[row] = (values[row] ?? 0) + value;
  };
  switch (objective.kind) {
    case 'numbers':
      for (const { row, index } of objective.terms) add(row, data[row * width + index] ?? Number.NaN);
      return values;
    case 'error':
      for (const [at, number] of data.entries())
        add(Math.floor(at / width), (number - (numberTargets?.[at] ?? Number.NaN)) ** 2 / width);
      return chooseLoss(plan, training.loss) === 'rmse' ? values.map(Math.sqrt) : values;
    case 'classes': {
      const head = headKind(plan);
      const scratch = new Float64Array(classCount(head, width));
      for (const { row, step, id, weight } of objective.terms)
        add(row, weight * (logProbabilities(head, data, step * rows + row, scratch)[id] ?? Number.NaN));
      return values;
    }
  }
}
