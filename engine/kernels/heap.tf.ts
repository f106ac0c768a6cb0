import type * as tf from '@tensorflow/tfjs-core';
import type { CellDescription } from '../shapes/value-type.ts';
import { heapGruRelevanceBefore, heapGruResetAfter } from './heap/gru.tf.ts';
import { heapGruSimplified } from './heap/gru-simplified.tf.ts';
import { finalState, historyOf, sequenceOf } from './heap/history.tf.ts';
import { heapLstm } from './heap/lstm.tf.ts';
import { heapLstmOptions } from './heap/lstm-options.tf.ts';
import type { HeapCell, HostWeights } from './heap/steps.tf.ts';
import { heapVanilla } from './heap/vanilla.tf.ts';
import { asRows, product, sumOfRows } from './product.tf.ts';
import type { CellWeights, RecurrenceImplementation } from './recurrence.tf.ts';
import { heapView } from './wasm/heap.tf.ts';

const gruForms = { 'reset-after': heapGruResetAfter, 'relevance-before': heapGruRelevanceBefore, simplified: heapGruSimplified };

function heapCell(cell: CellDescription): HeapCell {
  switch (cell.kind) {
    case 'rnn-cell':
      return heapVanilla(cell.activation);
    case 'gru-cell':
      return gruForms[cell.form];
    case 'lstm-cell':
      return cell.peepholes || cell.coupled || cell.projection > 0 ? heapLstmOptions(cell) : heapLstm;
  }
}

const hostWeights = ({ hiddenWeight, inputBias, hiddenBias, projection, peepholes }: CellWeights): HostWeights => ({
  hiddenWeight,
  projection,
  peepholes: peepholes && heapView(peepholes).slice(),
  inputBias: heapView(inputBias).slice(),
  hiddenBias: hiddenBias && heapView(hiddenBias).slice(),
});

/**
 * The recurrence on the WASM backend. Products and σ run in its vectorized kernels; everything else of a step is one loop in
 * JavaScript over the same heap, since a WASM operation per multiplication costs more than the multiplication.
 */
export const heap: RecurrenceImplementation = {
  forward(problem, x, weights, initial, wantSequence) {
    const input = product(asRows(x), weights.inputWeight, false, true);
    const parts = initial.length;
    const saved = heapCell(problem.cell).forward(problem, input, hostWeights(weights), initial);
    const histories = saved.slice(0, parts).map((tensor) => historyOf(problem, tensor as tf.Tensor3D));
    const first = histories[0];
    return {
      sequence: wantSequence && first !== undefined ? sequenceOf(first, problem) : null,
      final: histories.map((history) => finalState(history, problem)),
      saved,
    };
  },
  backward(problem, x, weights, saved, dSequence, dFinal) {
    const d = heapCell(problem.cell).backward(problem, saved, hostWeights(weights), dSequence, dFinal);
    return {
      x: problem.inputGradient ? product(d.input, weights.inputWeight).reshape<tf.Tensor3D>(x.shape) : null,
      inputWeight: product(d.input, asRows(x), true, false),
      hiddenWeight: d.hiddenWeight,
      inputBias: sumOfRows(d.input),
      hiddenBias: d.hiddenBias,
      projection: d.projection ?? null,
      peepholes: d.peepholes ?? null,
      initial: d.initial,
    };
  },
};
