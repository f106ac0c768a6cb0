import * as tf from '@tensorflow/tfjs-core';
import type { CellProgram } from '../../cells/cell-program.ts';
import { asRows } from '../product.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import type { DerivedProblem } from './problem.ts';

/** What a recurrence starts from unless it is told. */
export const zeroState = ({ states }: CellProgram, rows: number): StateParts =>
  states.map(({ width }) => tf.zeros<tf.Rank.R2>([rows, width]));

/** What all rows share as a row for each. */
export const everyRow = (value: tf.Tensor2D, rows: number): tf.Tensor2D =>
  value.shape[0] === rows ? value : tf.tile(value, [rows, 1]);

/**
 * The input of all steps as rows. Where the equations have operations that are not defined everywhere, padding repeats each row's last
 * real step, or its first where it has none: what stands there may be anything, and no result must depend on it.
 */
export function inputRows({ program, lengths, rows, steps }: DerivedProblem, x: tf.Tensor3D): tf.Tensor2D {
  const all = asRows(x);
  if (program.schedule.defined || lengths.every((length) => length === steps)) return all;
  const sources = Int32Array.from({ length: steps * rows }, (_, index) => {
    const row = index % rows;
    return Math.min(Math.floor(index / rows), Math.max(0, (lengths[row] ?? 1) - 1)) * rows + row;
  });
  return tf.gather(all, tf.tensor1d(sources, 'int32'));
}
