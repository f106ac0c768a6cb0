import * as tf from '@tensorflow/tfjs-core';
import { asRows, product } from '../product.tf.ts';
import { stepOrder } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';
import { simplifiedBack, simplifiedGates, simplifiedHidden, simplifiedKept } from './gru-simplified.ts';
import { historyOf, startHistory, statesBefore } from './history.tf.ts';
import { addProduct, addStep, carried, type HeapCell, stepRows, withProduct, withSigmoid } from './steps.tf.ts';

/** Simplified GRU (row L6) over the WASM heap. */
export const heapGruSimplified: HeapCell = {
  forward(problem, input, { hiddenWeight, inputBias }, initial) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const first = initial[0] as tf.Tensor2D;
    const states = startHistory(problem, first);
    const kept = heapTensor<tf.Rank.R3>([steps, rows, simplifiedKept * width]);
    const h = tf.add(first, 0) as tf.Tensor2D;
    const gates = heapTensor<tf.Rank.R2>([rows, 2 * width]);
    const toGates = tf.transpose(hiddenWeight) as tf.Tensor2D;
    for (const t of stepOrder(steps, reverse)) {
      const step = stepRows(problem, t);
      const [before, after] = [states.before(t), states.after(t)];
      withProduct(h, toGates, (share) => simplifiedGates(heapView(gates), heapView(input), t * 2 * size, share, inputBias, step));
      withSigmoid(gates, (values) => {
        const all = heapView(states.tensor);
        simplifiedHidden(values, all, before, after, heapView(kept), t * simplifiedKept * size, step);
        heapView(h).set(all.subarray(after, after + size));
      });
    }
    return [states.tensor, kept];
  },

  backward(problem, saved, { hiddenWeight }, dSequence, dFinal) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const states = historyOf(problem, saved[0] as tf.Tensor3D);
    const kept = saved[1] as tf.Tensor3D;
    const dz = heapTensor<tf.Rank.R2>([rows, 2 * width]);
    const all = heapTensor<tf.Rank.R2>([steps * rows, 2 * width]);
    const dh = carried(problem, dFinal?.[0]);
    for (const t of stepOrder(steps, !reverse)) {
      const step = stepRows(problem, t);
      addStep(dh, dSequence, step);
      const view = heapView(dz);
      simplifiedBack(dh, heapView(kept), t * simplifiedKept * size, heapView(states.tensor), states.before(t), view, step);
      heapView(all).set(view, t * 2 * size);
      addProduct(dh, dz, hiddenWeight);
    }
    return {
      input: all,
      hiddenWeight: product(all, asRows(statesBefore(states, problem)), true, false),
      hiddenBias: null,
      initial: [tf.tensor2d(dh, [rows, width])],
    };
  },
};
