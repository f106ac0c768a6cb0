import * as tf from '@tensorflow/tfjs-core';
import { type CellDescription, outputWidth } from '../../shapes/value-type.ts';
import { asRows, product, sumOfRows } from '../product.tf.ts';
import { type RecurrenceProblem, stepOrder } from '../recurrence.ts';
import { heapTensor, heapView } from '../wasm/heap.tf.ts';
import { historyOf, startHistory, statesAfter, statesBefore } from './history.tf.ts';
import {
  gateBlocks,
  keepState,
  optionsBack,
  optionsCell,
  optionsGates,
  optionsKept,
  optionsOut,
  peepholeSums,
} from './lstm-options.ts';
import { addProduct, addStep, bothBiases, carried, type HeapCell, stepRows, withProduct, withSigmoid } from './steps.tf.ts';

const matrix = (rows: number, columns: number): tf.Tensor2D => heapTensor<tf.Rank.R2>([rows, columns]);

/** LSTM with peepholes, coupled gates or a projection (row L8) over the WASM heap. h is `[B, P]`, c `[B, H]`. */
export const heapLstmOptions = (cell: Extract<CellDescription, { kind: 'lstm-cell' }>): HeapCell => ({
  forward(problem, input, weights, initial) {
    const { rows, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const blocks = gateBlocks(cell.coupled, weights.peepholes);
    const [first, firstCell] = initial as [tf.Tensor2D, tf.Tensor2D];
    const states = startHistory(problem, first);
    const cells = startHistory(problem, firstCell);
    const kept = heapTensor<tf.Rank.R3>([steps, rows, optionsKept * width]);
    const h = tf.add(first, 0) as tf.Tensor2D;
    const [open, close, out] = [matrix(rows, (blocks.count - 1) * width), matrix(rows, 2 * width), matrix(rows, width)];
    const toGates = tf.transpose(weights.hiddenWeight) as tf.Tensor2D;
    const project = weights.projection === null ? null : (tf.transpose(weights.projection) as tf.Tensor2D);
    const bias = bothBiases(weights);
    for (const t of stepOrder(steps, reverse)) {
      const step = stepRows(problem, t);
      const keptAt = t * optionsKept * size;
      const [before, after] = [cells.before(t), cells.after(t)];
      withProduct(h, toGates, (share) => {
        const [x, c] = [heapView(input), heapView(cells.tensor)];
        optionsGates(heapView(open), heapView(close), x, t * blocks.count * size, share, bias, c, before, blocks, step);
      });
      withSigmoid(open, (values) =>
        optionsCell(values, heapView(close), heapView(kept), keptAt, heapView(cells.tensor), before, after, blocks, step),
      );
      withSigmoid(close, (half) => optionsOut(half, heapView(kept), keptAt, heapView(out), step));
      const finish = (value: Float32Array): void => {
        const all = heapView(states.tensor);
        keepState(value, all, states.before(t), states.after(t), outputRows(problem, t));
        heapView(h).set(all.subarray(states.after(t), states.after(t) + h.size));
      };
      if (project === null) finish(heapView(out));
      else withProduct(out, project, finish);
    }
    return [states.tensor, cells.tensor, kept];
  },

  backward(problem, saved, weights, dSequence, dFinal) {
    const { rows, steps, reverse } = problem;
    const width = cell.hidden;
    const size = rows * width;
    const { hiddenWeight, projection } = weights;
    const blocks = gateBlocks(cell.coupled, weights.peepholes);
    const states = historyOf(problem, saved[0] as tf.Tensor3D);
    const cells = historyOf(problem, saved[1] as tf.Tensor3D);
    const kept = saved[2] as tf.Tensor3D;
    const dz = matrix(rows, blocks.count * width);
    const all = matrix(steps * rows, blocks.count * width);
    const outWidth = outputWidth(cell);
    const dOutput = matrix(rows, outWidth);
    const dOutputs = matrix(steps * rows, outWidth);
    const dh = carried(problem, dFinal?.[0], outWidth);
    const dc = carried(problem, dFinal?.[1]);
    for (const t of stepOrder(steps, !reverse)) {
      addStep(dh, dSequence, outputRows(problem, t));
      takeReal(dh, heapView(dOutput), outputRows(problem, t));
      const back = (dOut: Float32Array): void => {
        const keptAt = t * optionsKept * size;
        optionsBack(
          dOut,
          dc,
          heapView(kept),
          keptAt,
          heapView(cells.tensor),
          cells.before(t),
          heapView(dz),
          blocks,
          stepRows(problem, t),
        );
      };
      if (projection === null) back(heapView(dOutput));
      else {
        heapView(dOutputs).set(heapView(dOutput), t * rows * outWidth);
        withProduct(dOutput, projection, back);
      }
      heapView(all).set(heapView(dz), t * blocks.count * size);
      addProduct(dh, dz, hiddenWeight);
    }
    return {
      input: all,
      hiddenWeight: product(all, asRows(statesBefore(states, problem)), true, false),
      hiddenBias: sumOfRows(all),
      ...(projection === null ? {} : { projection: product(dOutputs, outputsOf(kept, width), true, false) }),
      ...(weights.peepholes === null ? {} : { peepholes: peepholeGradient() }),
      initial: [tf.tensor2d(dh, [rows, outWidth]), tf.tensor2d(dc, [rows, width])],
    };

    function peepholeGradient(): tf.Tensor1D {
      const [before, after] = [statesBefore(cells, problem), statesAfter(cells, problem)];
      return tf.tensor1d(peepholeSums(heapView(all), heapView(before), heapView(after), blocks, steps * rows, width));
    }
  },
});

/** A step's rows as wide as h. */
const outputRows = (problem: RecurrenceProblem, t: number) => ({ ...stepRows(problem, t), width: outputWidth(problem.cell) });

/** Moves the gradient of real rows from `dh` to `taken`, which is zero where a row has ended. */
function takeReal(dh: Float32Array, taken: Float32Array, { rows, width, t, lengths }: ReturnType<typeof outputRows>): void {
  for (let b = 0; b < rows; b++) {
    const [from, to] = [b * width, (b + 1) * width];
    if (t >= (lengths[b] as number)) taken.fill(0, from, to);
    else {
      taken.set(dh.subarray(from, to), from);
      dh.fill(0, from, to);
    }
  }
}

/** o * tanh(c) of every step `[T·B, H]`, from the kept numbers. */
function outputsOf(kept: tf.Tensor3D, width: number): tf.Tensor2D {
  const part = (index: number): tf.Tensor3D => tf.slice(kept, [0, 0, index * width], [-1, -1, width]);
  return asRows(tf.mul(part(3), part(4)));
}
