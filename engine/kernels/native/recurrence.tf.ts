import * as tf from '@tensorflow/tfjs-core';
import type { CellDescription } from '../../shapes/value-type.ts';
import { fusedBackend, type NativeBackend } from '../native-ops.tf.ts';
import type { CellWeights, RecurrenceImplementation, StateParts } from '../recurrence.tf.ts';
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

function native(): NativeBackend {
  const backend = fusedBackend();
  if (backend === null) throw new Error('the fused recurrence was called without its ops');
  return backend;
}

function attributes(
  { binding }: NativeBackend,
  { cell, reverse }: RecurrenceProblem,
  weights: number,
  parts: number,
  flag: { readonly name: string; readonly value: boolean },
): object[] {
  return [
    { name: 'cell', type: binding.TF_ATTR_STRING, value: opCell(cell) },
    { name: 'reverse', type: binding.TF_ATTR_BOOL, value: reverse },
    { name: 'directions', type: binding.TF_ATTR_INT, value: 1 },
    { name: 'weights', type: binding.TF_ATTR_INT, value: weights },
    { name: 'parts', type: binding.TF_ATTR_INT, value: parts },
    { ...flag, type: binding.TF_ATTR_BOOL },
  ];
}

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

/**
 * The recurrence as one op of ours on native TensorFlow (`src/`): all steps in C++, each row for its own length, with the gates
 * computed while the product's sums are still in registers.
 */
export const fused: RecurrenceImplementation = {
  forward(problem, x, weights, initial, wantSequence) {
    const backend = native();
    const list = weightList(weights);
    const inputs = [x, lengthsOf(problem), ...list, ...initial];
    const settings = attributes(backend, problem, list.length, initial.length, { name: 'keep', value: true });
    const [sequence, final, gates, cells] = backend.executeMultipleOutputs('UnrollRecurrence', settings, inputs, 4) as [
      tf.Tensor3D,
      tf.Tensor3D,
      tf.Tensor,
      tf.Tensor,
    ];
    return {
      sequence: wantSequence ? sequence : null,
      final: tf.unstack(final) as tf.Tensor2D[],
      saved: [sequence, gates, cells, ...initial],
    };
  },

  backward(problem, x, weights, saved, dSequence, dFinal) {
    const backend = native();
    const list = weightList(weights);
    const [kept, initial] = [saved.slice(0, 3), saved.slice(3)];
    const parts = initial.length;
    const d = backend.executeMultipleOutputs(
      'UnrollRecurrenceGrad',
      attributes(backend, problem, list.length, parts, { name: 'input_gradient', value: problem.inputGradient }),
      [
        x,
        lengthsOf(problem),
        ...list,
        ...initial,
        ...kept,
        dSequence ?? none(),
        dFinal === null ? none() : tf.stack([...dFinal]),
      ],
      1 + list.length + parts,
    );
    const [dx, inputWeight, hiddenWeight, inputBias] = d as [tf.Tensor3D, tf.Tensor2D, tf.Tensor2D, tf.Tensor1D];
    const [hiddenBias, peepholes] = [weights.hiddenBias === null ? 0 : 1, weights.peepholes === null ? 0 : 1];
    return {
      x: problem.inputGradient ? dx : null,
      inputWeight,
      hiddenWeight,
      inputBias,
      hiddenBias: hiddenBias === 1 ? (d[4] as tf.Tensor1D) : null,
      projection: null,
      peepholes: peepholes === 1 ? (d[4 + hiddenBias] as tf.Tensor1D) : null,
      initial: d.slice(1 + list.length) as unknown as StateParts,
    };
  },
};
