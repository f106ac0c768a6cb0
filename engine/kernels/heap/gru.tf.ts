import * as tf from '@tensorflow/tfjs-core';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { stepOrder } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';
import {
  gruBackAfter,
  gruBackBefore,
  gruBackCandidate,
  gruCandidateAfter,
  gruCandidateBefore,
  gruGates,
  gruHidden,
  gruKept,
  gruRelevant,
} from './gru.ts';
import { historyOf, startHistory, statesBefore } from './history.tf.ts';
import { addProduct, addStep, carried, type HeapCell, stepRows, withProduct, withSigmoid } from './steps.tf.ts';

type Matrix = tf.Tensor2D;
const matrix = (rows: number, columns: number): Matrix => heapTensor<tf.Rank.R2>([rows, columns]);

/** GRU, reset-after form, over the WASM heap. */
export const heapGruResetAfter: HeapCell = {
  forward(problem, input, weights, initial) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const states = startHistory(problem, initial[0] as Matrix);
    const kept = heapTensor<tf.Rank.R3>([steps, rows, gruKept * width]);
    const h = tf.add(initial[0] as Matrix, 0) as Matrix;
    const gates = matrix(rows, 2 * width);
    const twice = matrix(rows, width);
    const toGates = tf.transpose(weights.hiddenWeight) as Matrix;
    const hiddenBias = weights.hiddenBias ?? new Float32Array(3 * width);
    const gateBias = weights.inputBias.map((bias, j) => bias + (hiddenBias[j] as number));
    for (const t of stepOrder(steps, reverse)) {
      const step = stepRows(problem, t);
      const [before, after, keptAt] = [states.before(t), states.after(t), t * gruKept * size];
      const share = tf.matMul(h, toGates);
      gruGates(heapView(gates), heapView(input), t * 3 * size, heapView(share), 3 * width, gateBias, step);
      const opened = tf.sigmoid(gates);
      gruCandidateAfter(
        heapView(twice),
        heapView(opened),
        heapView(input),
        t * 3 * size,
        heapView(share),
        weights.inputBias,
        hiddenBias,
        heapView(kept),
        keptAt,
        step,
      );
      withSigmoid(twice, (half) => {
        const all = heapView(states.tensor);
        gruHidden(half, heapView(opened), false, all, before, after, heapView(kept), keptAt, step);
        heapView(h).set(all.subarray(after, after + size));
      });
      tf.dispose([share, opened]);
    }
    return [states.tensor, kept];
  },

  backward(problem, saved, { hiddenWeight }, dSequence, dFinal) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const states = historyOf(problem, saved[0] as tf.Tensor3D);
    const kept = saved[1] as tf.Tensor3D;
    const da = matrix(rows, 3 * width);
    const viaInput = matrix(steps * rows, 3 * width);
    const viaHidden = matrix(steps * rows, 3 * width);
    const dh = carried(problem, dFinal?.[0]);
    for (const t of stepOrder(steps, !reverse)) {
      const step = stepRows(problem, t);
      addStep(dh, dSequence, step);
      const view = heapView(da);
      const [keptView, stateView] = [heapView(kept), heapView(states.tensor)];
      const [keptAt, at] = [t * gruKept * size, t * 3 * size];
      gruBackAfter(dh, keptView, keptAt, stateView, states.before(t), heapView(viaInput), at, view, step);
      heapView(viaHidden).set(view, at);
      addProduct(dh, da, hiddenWeight);
    }
    return {
      input: viaInput,
      hiddenWeight: product(viaHidden, asRows(statesBefore(states, problem)), true, false),
      hiddenBias: sumOfRows(viaHidden),
      initial: [tf.tensor2d(dh, [rows, width])],
    };
  },
};

/** GRU, relevance-before form, over the WASM heap. */
export const heapGruRelevanceBefore: HeapCell = {
  forward(problem, input, { hiddenWeight, inputBias }, initial) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const states = startHistory(problem, initial[0] as Matrix);
    const kept = heapTensor<tf.Rank.R3>([steps, rows, gruKept * width]);
    const relevants = heapTensor<tf.Rank.R3>([steps, rows, width]);
    const h = tf.add(initial[0] as Matrix, 0) as Matrix;
    const [gates, twice, relevant] = [matrix(rows, 2 * width), matrix(rows, width), matrix(rows, width)];
    const toGates = tf.transpose(tf.slice(hiddenWeight, 0, 2 * width)) as Matrix;
    const toCandidate = tf.transpose(tf.slice(hiddenWeight, 2 * width, width)) as Matrix;
    for (const t of stepOrder(steps, reverse)) {
      const step = stepRows(problem, t);
      const [before, after, keptAt] = [states.before(t), states.after(t), t * gruKept * size];
      withProduct(h, toGates, (share) =>
        gruGates(heapView(gates), heapView(input), t * 3 * size, share, 2 * width, inputBias, step),
      );
      const opened = tf.sigmoid(gates);
      gruRelevant(heapView(relevant), heapView(opened), heapView(states.tensor), before, step);
      heapView(relevants).set(heapView(relevant), t * size);
      withProduct(relevant, toCandidate, (share) =>
        gruCandidateBefore(heapView(twice), heapView(input), t * 3 * size, share, inputBias, step),
      );
      withSigmoid(twice, (half) => {
        const all = heapView(states.tensor);
        gruHidden(half, heapView(opened), true, all, before, after, heapView(kept), keptAt, step);
        heapView(h).set(all.subarray(after, after + size));
      });
      opened.dispose();
    }
    return [states.tensor, kept, relevants];
  },

  backward(problem, saved, { hiddenWeight }, dSequence, dFinal) {
    const { rows, cell, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const states = historyOf(problem, saved[0] as tf.Tensor3D);
    const [kept, relevants] = [saved[1] as tf.Tensor3D, saved[2] as tf.Tensor3D];
    const [dn, dz] = [matrix(rows, width), matrix(rows, 2 * width)];
    const candidates = matrix(steps * rows, width);
    const gates = matrix(steps * rows, 2 * width);
    const gateWeight = tf.slice(hiddenWeight, 0, 2 * width) as Matrix;
    const candidateWeight = tf.slice(hiddenWeight, 2 * width, width) as Matrix;
    const dh = carried(problem, dFinal?.[0]);
    for (const t of stepOrder(steps, !reverse)) {
      const step = stepRows(problem, t);
      const keptAt = t * gruKept * size;
      addStep(dh, dSequence, step);
      gruBackCandidate(dh, heapView(kept), keptAt, heapView(dn), step);
      heapView(candidates).set(heapView(dn), t * size);
      withProduct(dn, candidateWeight, (dRelevant) => {
        const view = heapView(dz);
        gruBackBefore(dh, dRelevant, heapView(kept), keptAt, heapView(states.tensor), states.before(t), view, step);
        heapView(gates).set(view, t * 2 * size);
      });
      addProduct(dh, dz, gateWeight);
    }
    return {
      input: tf.concat([gates, candidates], 1),
      hiddenWeight: tf.concat([
        product(gates, asRows(statesBefore(states, problem)), true, false),
        product(candidates, asRows(relevants), true, false),
      ]),
      hiddenBias: null,
      initial: [tf.tensor2d(dh, [rows, width])],
    };
  },
};
