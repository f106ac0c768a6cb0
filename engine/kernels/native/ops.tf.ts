import * as tf from '@tensorflow/tfjs-core';
import type { CellDescription } from '../../shapes/value-type.ts';
import { fusedBackend, type NativeBackend, requireFusedBackend } from '../native-ops.tf.ts';
import type { CellWeights, RecurrenceGradients, StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';

/** Name of a cell in the op, or `null` where the op does not have it. */
function opCell(cell: CellDescription): string | null {
  switch (cell.kind) {
    case 'rnn-cell':
      return `rnn-${cell.activation}`;
    case 'gru-cell':
      return `gru-${cell.form}`;
    case 'lstm-cell':
      return cell.projection > 0 ? null : `lstm${cell.coupled ? '-coupled' : ''}${cell.peepholes ? '-peepholes' : ''}`;
  }
}

/** Whether the fused op can run a problem here: native TensorFlow with our ops, and a cell that they have. */
export const canFuse = ({ cell }: RecurrenceProblem): boolean => fusedBackend() !== null && opCell(cell) !== null;

/** Whether a gradient is being recorded: what it needs is kept only then. */
export const mayBeDifferentiated = (): boolean => tf.engine().state.gradientDepth > 0;

/** What the op keeps for its gradient. */
export interface Kept {
  /** h after each step `[T, B, D·H]` */
  readonly sequence: tf.Tensor3D;
  /** Each part of each direction's final state `[D·parts, B, H]` */
  readonly final: tf.Tensor3D;
  readonly gates: tf.Tensor;
  readonly cells: tf.Tensor;
}

/**
 * UnrollRecurrence: the cell over the whole batch, in one direction or in both at once (the second of two runs against the first).
 *
 * @param keep whether a gradient may be asked for
 */
export function runForward(
  problem: RecurrenceProblem,
  x: tf.Tensor3D,
  weights: readonly CellWeights[],
  initial: StateParts,
  keep: boolean,
): Kept {
  const backend = requireFusedBackend();
  const list = weights.flatMap(weightList);
  const settings = [...attributes(backend, problem, weights.length, list.length, initial.length), flag(backend, 'keep', keep)];
  const inputs = [x, lengthsOf(problem), ...list, ...initial];
  const [sequence, final, gates, cells] = backend.executeMultipleOutputs('UnrollRecurrence', settings, inputs, 4) as [
    tf.Tensor3D,
    tf.Tensor3D,
    tf.Tensor,
    tf.Tensor,
  ];
  return { sequence, final, gates, cells };
}

/**
 * UnrollRecurrenceGrad.
 *
 * @param dSequence `null`: zero
 * @param dFinal of each part of each direction; `null`: zero
 * @returns the gradients of each direction; `x`, which they share, is with the first
 */
export function runBackward(
  problem: RecurrenceProblem,
  x: tf.Tensor3D,
  weights: readonly CellWeights[],
  initial: StateParts,
  kept: readonly tf.Tensor[],
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
): RecurrenceGradients[] {
  const backend = requireFusedBackend();
  const list = weights.flatMap(weightList);
  const [first, ...rest] = backend.executeMultipleOutputs(
    'UnrollRecurrenceGrad',
    [
      ...attributes(backend, problem, weights.length, list.length, initial.length),
      flag(backend, 'input_gradient', problem.inputGradient),
    ],
    [x, lengthsOf(problem), ...list, ...initial, ...kept, dSequence ?? none(), dFinal === null ? none() : tf.stack([...dFinal])],
    1 + list.length + initial.length,
  );
  const dWeights = rest.slice(0, list.length);
  const dInitial = rest.slice(list.length) as tf.Tensor2D[];
  const parts = initial.length / weights.length;
  return weights.map((direction, index) => {
    const has = (tensor: tf.Tensor | null): tf.Tensor | null => (tensor === null ? null : (dWeights.shift() ?? null));
    return {
      x: index === 0 && problem.inputGradient ? (first as tf.Tensor3D) : null,
      inputWeight: has(direction.inputWeight) as tf.Tensor2D,
      hiddenWeight: has(direction.hiddenWeight) as tf.Tensor2D,
      inputBias: has(direction.inputBias) as tf.Tensor1D,
      hiddenBias: has(direction.hiddenBias) as tf.Tensor1D | null,
      projection: null,
      peepholes: has(direction.peepholes) as tf.Tensor1D | null,
      initial: dInitial.slice(index * parts, (index + 1) * parts),
    };
  });
}

function attributes(
  { binding }: NativeBackend,
  { cell, reverse }: RecurrenceProblem,
  directions: number,
  weights: number,
  parts: number,
): object[] {
  return [
    { name: 'cell', type: binding.TF_ATTR_STRING, value: opCell(cell) },
    { name: 'reverse', type: binding.TF_ATTR_BOOL, value: reverse },
    { name: 'directions', type: binding.TF_ATTR_INT, value: directions },
    { name: 'weights', type: binding.TF_ATTR_INT, value: weights },
    { name: 'parts', type: binding.TF_ATTR_INT, value: parts },
  ];
}

const flag = ({ binding }: NativeBackend, name: string, value: boolean): object => ({ name, type: binding.TF_ATTR_BOOL, value });

/** The weights that a cell has, in the op's order. */
const weightList = ({ inputWeight, hiddenWeight, inputBias, hiddenBias, peepholes }: CellWeights): tf.Tensor[] => [
  inputWeight,
  hiddenWeight,
  inputBias,
  ...(hiddenBias === null ? [] : [hiddenBias]),
  ...(peepholes === null ? [] : [peepholes]),
];

const lengthsOf = ({ lengths }: RecurrenceProblem): tf.Tensor1D => tf.tensor1d(lengths, 'int32');

/** Stands for a gradient that is zero everywhere. */
const none = (): tf.Tensor => tf.tensor1d([], 'float32');
