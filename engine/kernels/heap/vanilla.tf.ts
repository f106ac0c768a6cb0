import * as tf from '@tensorflow/tfjs-core';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { stepOrder } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';
import { historyOf, startHistory, statesBefore } from './history.tf.ts';
import { addProduct, addStep, bothBiases, carried, type HeapCell, stepRows, withProduct, withSigmoid } from './steps.tf.ts';
import { type Activation, vanillaBack, vanillaHidden, vanillaSum } from './vanilla.ts';

/** Elman cell over the WASM heap. */
export function heapVanilla(g: Activation): HeapCell {
  return {
    forward(problem, input, weights, initial) {
      const { rows, cell, steps, reverse } = problem;
      const states = startHistory(problem, initial[0] as tf.Tensor2D);
      const h = tf.add(initial[0] as tf.Tensor2D, 0) as tf.Tensor2D;
      const sum = heapTensor<tf.Rank.R2>([rows, cell.hidden]);
      const toGates = tf.transpose(weights.hiddenWeight) as tf.Tensor2D;
      const bias = bothBiases(weights);
      const size = rows * cell.hidden;
      for (const t of stepOrder(steps, reverse)) {
        const step = stepRows(problem, t);
        withProduct(h, toGates, (share) => vanillaSum(heapView(sum), g, heapView(input), t * size, share, bias, step));
        const finish = (value: Float32Array): void => {
          const all = heapView(states.tensor);
          vanillaHidden(value, g, all, states.before(t), states.after(t), step);
          heapView(h).set(all.subarray(states.after(t), states.after(t) + size));
        };
        if (g === 'tanh' || g === 'sigmoid') withSigmoid(sum, finish);
        else finish(heapView(sum));
      }
      return [states.tensor];
    },
    backward(problem, saved, { hiddenWeight }, dSequence, dFinal) {
      const { rows, cell, steps, reverse } = problem;
      const states = historyOf(problem, saved[0] as tf.Tensor3D);
      const size = rows * cell.hidden;
      const dz = heapTensor<tf.Rank.R2>([rows, cell.hidden]);
      const all = heapTensor<tf.Rank.R2>([steps * rows, cell.hidden]);
      const dh = carried(problem, dFinal?.[0]);
      for (const t of stepOrder(steps, !reverse)) {
        const step = stepRows(problem, t);
        addStep(dh, dSequence, step);
        const view = heapView(dz);
        vanillaBack(dh, g, heapView(states.tensor), states.after(t), view, step);
        heapView(all).set(view, t * size);
        addProduct(dh, dz, hiddenWeight);
      }
      return {
        input: all,
        hiddenWeight: product(all, asRows(statesBefore(states, problem)), true, false),
        hiddenBias: sumOfRows(all),
        initial: [tf.tensor2d(dh, [rows, cell.hidden])],
      };
    },
  };
}
