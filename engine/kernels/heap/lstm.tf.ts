import * as tf from '@tensorflow/tfjs-core';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { stepOrder } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';
import { historyOf, startHistory, statesBefore } from './history.tf.ts';
import { lstmBack, lstmCell, lstmGates, lstmHidden, lstmKept } from './lstm.ts';
import { addProduct, addStep, bothBiases, carried, type HeapCell, stepRows, withProduct, withSigmoid } from './steps.tf.ts';

/** LSTM over the WASM heap. */
export const heapLstm: HeapCell = {
  forward(problem, input, weights, initial) {
    const { rows, cell, steps, reverse } = problem;
    const size = rows * cell.hidden;
    const states = startHistory(problem, initial[0] as tf.Tensor2D);
    const cells = startHistory(problem, initial[1] as tf.Tensor2D);
    const kept = heapTensor<tf.Rank.R3>([steps, rows, lstmKept * cell.hidden]);
    const h = tf.add(initial[0] as tf.Tensor2D, 0) as tf.Tensor2D;
    const gates = heapTensor<tf.Rank.R2>([rows, 4 * cell.hidden]);
    const twice = heapTensor<tf.Rank.R2>([rows, cell.hidden]);
    const toGates = tf.transpose(weights.hiddenWeight) as tf.Tensor2D;
    const bias = bothBiases(weights);
    for (const t of stepOrder(steps, reverse)) {
      const step = stepRows(problem, t);
      const keptAt = t * lstmKept * size;
      const [before, after] = [states.before(t), states.after(t)];
      withProduct(h, toGates, (share) => lstmGates(heapView(gates), heapView(input), t * 4 * size, share, bias, step));
      withSigmoid(gates, (values) =>
        lstmCell(values, heapView(kept), keptAt, heapView(cells.tensor), before, after, heapView(twice), step),
      );
      withSigmoid(twice, (half) => {
        const all = heapView(states.tensor);
        lstmHidden(half, heapView(kept), keptAt, all, before, after, step);
        heapView(h).set(all.subarray(after, after + size));
      });
    }
    return [states.tensor, cells.tensor, kept];
  },

  backward(problem, saved, { hiddenWeight }, dSequence, dFinal) {
    const { rows, cell, steps, reverse } = problem;
    const size = rows * cell.hidden;
    const states = historyOf(problem, saved[0] as tf.Tensor3D);
    const cells = historyOf(problem, saved[1] as tf.Tensor3D);
    const kept = saved[2] as tf.Tensor3D;
    const dz = heapTensor<tf.Rank.R2>([rows, 4 * cell.hidden]);
    const all = heapTensor<tf.Rank.R2>([steps * rows, 4 * cell.hidden]);
    const dh = carried(problem, dFinal?.[0]);
    const dc = carried(problem, dFinal?.[1]);
    for (const t of stepOrder(steps, !reverse)) {
      const step = stepRows(problem, t);
      addStep(dh, dSequence, step);
      const view = heapView(dz);
      lstmBack(dh, dc, heapView(kept), t * lstmKept * size, heapView(cells.tensor), cells.before(t), view, step);
      heapView(all).set(view, t * 4 * size);
      addProduct(dh, dz, hiddenWeight);
    }
    const shape: [number, number] = [rows, cell.hidden];
    return {
      input: all,
      hiddenWeight: product(all, asRows(statesBefore(states, problem)), true, false),
      hiddenBias: sumOfRows(all),
      initial: [tf.tensor2d(dh, shape), tf.tensor2d(dc, shape)],
    };
  },
};
