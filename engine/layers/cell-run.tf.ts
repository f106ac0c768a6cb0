import type { Tensor1D, Tensor2D } from '@tensorflow/tfjs-core';
import { type RecurrenceOutput, recurrence, type StateParts } from '../kernels/recurrence.tf.ts';
import type { BuildContext } from './builder.tf.ts';
import { valueAt } from './builder.tf.ts';
import { only } from './ports.ts';

interface CellRun {
  /** Which set of the node's weights. */
  readonly suffix: '' | '_reverse';
  readonly reverse: boolean;
  readonly initial: StateParts | null;
  readonly want: { readonly sequence: boolean; readonly final: boolean };
}

/** Runs the cell that is wired to a wrapper over the wrapper's sequence, with the wrapper's weights. */
export function runCell(
  { module, inputs, batch, parameter }: BuildContext<'recurrent' | 'bidirectional'>,
  { suffix, reverse, initial, want }: CellRun,
): RecurrenceOutput {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  const sequence = valueAt(inputs, 'sequence', 'sequence');
  const hasHiddenBias = module.parameters.some((spec) => spec.name === `bias_hh_l0${suffix}`);
  const weights = {
    inputWeight: parameter(`weight_ih_l0${suffix}`) as Tensor2D,
    hiddenWeight: parameter(`weight_hh_l0${suffix}`) as Tensor2D,
    inputBias: parameter(`bias_ih_l0${suffix}`) as Tensor1D,
    hiddenBias: hasHiddenBias ? (parameter(`bias_hh_l0${suffix}`) as Tensor1D) : null,
  };
  const { steps, rows, rowLengths: lengths } = batch;
  const problem = { cell, steps, rows, lengths, reverse, inputGradient: sequence.differentiable };
  return recurrence(problem, sequence.tensor, weights, initial, want);
}
