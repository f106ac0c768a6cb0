import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import type { TimeAxis } from '../compile/batch-tensors.tf.ts';
import { type RecurrenceOutput, recurrence, type StateParts } from '../kernels/recurrence.tf.ts';
import type { BuildContext } from './builder.tf.ts';
import { only } from './ports.ts';

/** Kinds that run a wired cell over time. */
export type UnrollingKind = 'recurrent' | 'bidirectional' | 'decoder' | 'pyramid';

interface CellRun {
  /** Which set of the node's weights: layer and direction, e.g. `_l0` or `_l1_reverse`. */
  readonly suffix: string;
  readonly reverse: boolean;
  readonly initial: StateParts | null;
  /** `[T, B, I]` */
  readonly input: { readonly tensor: Tensor3D; readonly time: TimeAxis; readonly differentiable: boolean };
  readonly want: { readonly sequence: boolean; readonly final: boolean };
}

/** Runs the cell that is wired to a wrapper over a sequence, with one layer and direction of the wrapper's weights. */
export function runCell(
  { module, parameter }: BuildContext<UnrollingKind>,
  { suffix, reverse, initial, input, want }: CellRun,
): RecurrenceOutput {
  const { cell } = only(module.inputTypes, 'cell', 'cell');
  const optional = (name: string): Tensor | null =>
    module.parameters.some((spec) => spec.name === `${name}${suffix}`) ? parameter(`${name}${suffix}`) : null;
  const weights = {
    inputWeight: parameter(`weight_ih${suffix}`) as Tensor2D,
    hiddenWeight: parameter(`weight_hh${suffix}`) as Tensor2D,
    inputBias: parameter(`bias_ih${suffix}`) as Tensor1D,
    hiddenBias: optional('bias_hh') as Tensor1D | null,
    projection: optional('weight_hr') as Tensor2D | null,
    peepholes: optional('weight_ch') as Tensor1D | null,
  };
  const { steps, rows, rowLengths: lengths } = input.time;
  const problem = { cell, steps, rows, lengths, reverse, inputGradient: input.differentiable };
  return recurrence(problem, input.tensor, weights, initial, want);
}
