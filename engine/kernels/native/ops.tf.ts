import * as tf from '@tensorflow/tfjs-core';
import { stateWidths } from '../../shapes/value-type.ts';
import { type OpBackend, requireFusedBackend } from '../native-ops.tf.ts';
import type { CellWeights } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import type { SequenceOp } from '../sequence-op.tf.ts';
import { roundsProducts } from './rounded-products.ts';

/**
 * UnrollRecurrence and its gradient, UnrollRecurrenceGrad: all steps in C++ (`src/`), each row for its own length, with the gates
 * computed while the product's sums are still in the nearest cache.
 */
export const nativeOp: SequenceOp = {
  startsFromZeros: true,

  forward(problem, x, weights, initial, keep) {
    const backend = requireFusedBackend();
    const list = weights.flatMap(weightList);
    const finals = weights.length * stateWidths(problem.cell).length;
    const counts = { directions: weights.length, weights: list.length, parts: initial.length, finals };
    const settings = [...attributes(backend, problem, counts), flag(backend, 'keep', keep)];
    const lengths = tf.tensor1d(problem.lengths, 'int32');
    const outputs = backend.executeMultipleOutputs('UnrollRecurrence', settings, [x, lengths, ...list, ...initial], 3 + finals);
    const [sequence, gates, cells, ...final] = outputs as [tf.Tensor3D, tf.Tensor, tf.Tensor, ...tf.Tensor2D[]];
    return { sequence, final: () => final, saved: [lengths, sequence, gates, cells] };
  },

  backward(problem, x, weights, initial, saved, dSequence, dFinal) {
    const backend = requireFusedBackend();
    const list = weights.flatMap(weightList);
    const [lengths, ...kept] = saved as [tf.Tensor1D, ...tf.Tensor[]];
    const finals = dFinal ?? [];
    const counts = { directions: weights.length, weights: list.length, parts: initial.length, finals: finals.length };
    const [first, ...rest] = backend.executeMultipleOutputs(
      'UnrollRecurrenceGrad',
      [...attributes(backend, problem, counts), flag(backend, 'input_gradient', problem.inputGradient)],
      [x, lengths, ...list, ...initial, ...kept, dSequence ?? none(), ...finals],
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
        projection: has(direction.projection) as tf.Tensor2D | null,
        peepholes: has(direction.peepholes) as tf.Tensor1D | null,
        initial: dInitial.slice(index * parts, (index + 1) * parts),
      };
    });
  },
};

function attributes(
  { binding }: OpBackend,
  { cell, reverse }: RecurrenceProblem,
  counts: Readonly<Record<'directions' | 'weights' | 'parts' | 'finals', number>>,
): object[] {
  return [
    { name: 'cell', type: binding.TF_ATTR_STRING, value: cell.kernel.name },
    { name: 'reverse', type: binding.TF_ATTR_BOOL, value: reverse },
    { name: 'rounded', type: binding.TF_ATTR_BOOL, value: roundsProducts() },
    ...Object.entries(counts).map(([name, value]) => ({ name, type: binding.TF_ATTR_INT, value })),
  ];
}

const flag = ({ binding }: OpBackend, name: string, value: boolean): object => ({ name, type: binding.TF_ATTR_BOOL, value });

/** The weights that a cell has, in the op's order. */
const weightList = ({ inputWeight, hiddenWeight, inputBias, hiddenBias, projection, peepholes }: CellWeights): tf.Tensor[] => [
  inputWeight,
  hiddenWeight,
  inputBias,
  ...(hiddenBias === null ? [] : [hiddenBias]),
  ...(projection === null ? [] : [projection]),
  ...(peepholes === null ? [] : [peepholes]),
];

/** Stands for a gradient that is zero everywhere. */
const none = (): tf.Tensor => tf.tensor1d([], 'float32');
