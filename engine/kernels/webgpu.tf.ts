import * as tf from '@tensorflow/tfjs-core';
import type { AcceleratedCell } from '../shapes/value-type.ts';
import { composed } from './composed.tf.ts';
import type { CellWeights, RecurrenceImplementation, StateParts } from './recurrence.tf.ts';
import type { RecurrenceProblem } from './recurrence.ts';
import { canBind, unwritten } from './webgpu/device.tf.ts';
import { fusedGruRelevanceBefore, fusedGruResetAfter, fusedGruSimplified } from './webgpu/gru.ts';
import { fusedLstm } from './webgpu/lstm.ts';
import {
  copyInto,
  cutBias,
  cutColumns,
  cutGates,
  fillBias,
  fillColumns,
  fillGates,
  inFours,
  transposed,
  turnGates,
} from './webgpu/padding.tf.ts';
import { type FusedCell, lastPass } from './webgpu/passes.ts';
import { rowsProduct, sumsOfRows, transposedProduct, type Window, whole } from './webgpu/product.tf.ts';
import { runBackward, runForward, sequenceOf, slots } from './webgpu/sequence.tf.ts';
import { fusedVanilla } from './webgpu/vanilla.ts';

/** By the name of a cell's kernels. */
const shaders: Readonly<Record<string, (sequence: boolean) => FusedCell>> = {
  'rnn-tanh': (sequence) => fusedVanilla('tanh', sequence),
  'rnn-sigmoid': (sequence) => fusedVanilla('sigmoid', sequence),
  'rnn-relu': (sequence) => fusedVanilla('relu', sequence),
  'rnn-identity': (sequence) => fusedVanilla('identity', sequence),
  'gru-reset-after': fusedGruResetAfter,
  'gru-relevance-before': fusedGruRelevanceBefore,
  'gru-simplified': fusedGruSimplified,
  lstm: fusedLstm,
};

/** The shaders of a cell, or `null` for one that has none. */
const cellShaders = ({ kernel }: AcceleratedCell, sequence: boolean): FusedCell | null =>
  shaders[kernel.name]?.(sequence) ?? null;

const historyBlocks = ({ parts, kept }: FusedCell, steps: number): number => parts * (steps + 1) + kept * steps;
const gradientBlocks = ({ parts, gradients }: FusedCell, steps: number): number => steps * gradients + parts;

/** Shaders for a problem whose memory fits into the adapter's buffers; `null` leaves it to the composed form. */
function fusedCell({ cell, steps, rows }: RecurrenceProblem, sequence: boolean): FusedCell | null {
  const fused = cellShaders(cell, sequence);
  if (fused === null) return null;
  const blocks = Math.max(historyBlocks(fused, steps), gradientBlocks(fused, steps));
  return canBind(blocks * rows * inFours(cell.hidden)) ? fused : null;
}

/** What of the biases goes with the input's product `[G·H]`, and what stays at the state's last gate `[H]`. */
function biases({ inputBias, hiddenBias }: CellWeights, cell: FusedCell): { input: tf.Tensor1D; state: tf.Tensor1D | null } {
  if (!cell.lastGateFirst) return { input: hiddenBias === null ? inputBias : tf.add(inputBias, hiddenBias), state: null };
  const width = inputBias.shape[0] / cell.gates;
  const joined = width * (cell.gates - 1);
  const hidden = hiddenBias ?? tf.zerosLike(inputBias);
  const input = tf.add<tf.Tensor1D>(inputBias, tf.concat([hidden.slice(0, joined), tf.zeros([width])]));
  return { input, state: hidden.slice(joined) };
}

const lengthsOf = ({ lengths }: RecurrenceProblem): tf.Tensor1D => tf.tensor1d(lengths, 'int32');

/** A block of rows `[B, H]` out of a history or of gradients. */
const blockOf = (memory: tf.Tensor2D, block: number, { rows, cell }: RecurrenceProblem): tf.Tensor2D =>
  cutColumns(memory.slice(block * rows, rows), cell.hidden);

/**
 * The recurrence on WebGPU: one product for the inputs of all steps, then one shader a step (two where a gate must be known before a
 * product) that multiplies, opens the gates and writes the state in one go; backwards the same.
 */
export const webGpu: RecurrenceImplementation = {
  forward(problem, x, weights, initial, wantSequence) {
    const cell = fusedCell(problem, false);
    if (cell === null) return composed.forward(problem, x, weights, initial, wantSequence);
    const { steps, rows } = problem;
    const width = inFours(problem.cell.hidden);
    const { input, state } = biases(weights, cell);
    const gates = rowsProduct(
      whole(fillColumns(x)),
      transposed(fillGates(weights.inputWeight, cell.gates)),
      fillBias(input, cell.gates),
    );
    const weight = transposed(fillGates(weights.hiddenWeight, cell.gates));
    const lengths = lengthsOf(problem);
    const history = unwritten<tf.Rank.R2>([historyBlocks(cell, steps) * rows, width]);
    const first = problem.reverse ? steps : 0;
    for (const [p, part] of initial.entries()) copyInto(history, (p * (steps + 1) + first) * rows * width, fillColumns(part));
    const inputs = { gates, weight, lengths, ...(state === null ? {} : { hiddenBias: fillBias(state, 1) }) };
    runForward(problem, { cell, width, inputs, result: history });
    const sequence = wantSequence ? cutColumns(sequenceOf(problem, history, lengths, width), problem.cell.hidden) : null;
    return {
      sequence: sequence?.reshape<tf.Tensor3D>([steps, rows, -1]) ?? null,
      final: initial.map((_, p) => blockOf(history, p * (steps + 1) + (steps - first), problem)),
      saved: [history],
    };
  },

  backward(problem, x, weights, saved, dSequence, dFinal, initial) {
    const cell = fusedCell(problem, dSequence !== null);
    if (cell === null) return composed.backward(problem, x, weights, saved, dSequence, dFinal, initial);
    const [history] = saved as [tf.Tensor2D];
    const gradients = backThroughTime(problem, cell, weights, history, dSequence, dFinal);
    const result = weightGradients(problem, cell, x, weights, history, gradients);
    gradients.dispose();
    return result;
  },
};

/** D gradients of each step, and the state's, as passes.ts lays them out. */
function backThroughTime(
  problem: RecurrenceProblem,
  cell: FusedCell,
  { hiddenWeight }: CellWeights,
  history: tf.Tensor2D,
  dSequence: tf.Tensor3D | null,
  dFinal: StateParts | null,
): tf.Tensor2D {
  const { steps, rows } = problem;
  const width = history.shape[1];
  const gradients = unwritten<tf.Rank.R2>([gradientBlocks(cell, steps) * rows, width]);
  for (let part = 0; part < cell.parts; part++) {
    const final = dFinal?.[part];
    const carried = final === undefined ? tf.zeros([rows, width]) : fillColumns(final);
    copyInto(gradients, (steps * cell.gradients + part) * rows * width, carried);
  }
  const filled = fillGates(hiddenWeight, cell.gates);
  const inputs = {
    weight: cell.lastGateFirst ? turnGates(filled, cell.gates, false) : filled,
    history,
    lengths: lengthsOf(problem),
    ...(dSequence === null ? {} : { dSequence: fillColumns(dSequence) }),
  };
  runBackward(problem, { cell, width, inputs, result: gradients }, lastPass(cell.backward[0]?.depth ?? 0));
  return gradients;
}

function weightGradients(
  problem: RecurrenceProblem,
  cell: FusedCell,
  x: tf.Tensor3D,
  weights: CellWeights,
  history: tf.Tensor2D,
  gradients: tf.Tensor2D,
): ReturnType<RecurrenceImplementation['backward']> {
  const { steps, rows, cell: described } = problem;
  const width = history.shape[1];
  const all = steps * rows;
  const share = (first: number, count: number): Window => ({
    tensor: gradients,
    offset: first * width,
    rows: all,
    columns: count * width,
    stride: cell.gradients * width,
  });
  const blocks = (first: number): Window => ({
    tensor: history,
    offset: first * rows * width,
    rows: all,
    columns: width,
    stride: width,
  });
  const states = blocks(problem.reverse ? slots(problem).before(0) : 0);
  const input = share(cell.inputGradient, cell.gates);
  const filled = fillColumns(x);
  const { gates, candidateSees } = cell;
  const hiddenWeight =
    candidateSees === null
      ? transposedProduct(share(0, gates), states)
      : tf.concat([
          transposedProduct(share(0, gates - 1), states),
          transposedProduct(share(gates - 1, 1), blocks(cell.parts * (steps + 1) + candidateSees * steps)),
        ]);
  const inputBias = cutBias(sumsOfRows(input), gates, described.hidden);
  const inputs = x.shape[2];
  return {
    x: problem.inputGradient
      ? cutColumns(rowsProduct(input, fillGates(weights.inputWeight, gates), null), inputs).reshape<tf.Tensor3D>(x.shape)
      : null,
    inputWeight: cutGates(transposedProduct(input, whole(filled)), gates, described.hidden, inputs),
    hiddenWeight: cutGates(
      cell.lastGateFirst ? turnGates(hiddenWeight, gates, true) : hiddenWeight,
      gates,
      described.hidden,
      described.hidden,
    ),
    inputBias,
    hiddenBias: hiddenBiasGradient(weights, cell, inputBias, share(0, gates), described.hidden),
    projection: null,
    peepholes: null,
    initial: Array.from({ length: cell.parts }, (_, part) => blockOf(gradients, steps * cell.gradients + part, problem)),
  };
}

function hiddenBiasGradient(
  { hiddenBias }: CellWeights,
  cell: FusedCell,
  inputBias: tf.Tensor1D,
  share: Window,
  width: number,
): tf.Tensor1D | null {
  if (hiddenBias === null) return null;
  if (!cell.lastGateFirst) return inputBias.clone();
  return cutBias(turnGates(sumsOfRows(share), cell.gates, true), cell.gates, width);
}
