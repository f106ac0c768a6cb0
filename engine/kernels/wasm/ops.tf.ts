import type * as tf from '@tensorflow/tfjs-core';
import { outputWidth, stateWidths } from '../../shapes/value-type.ts';
import type { CellWeights, StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import type { SequenceOp } from '../sequence-op.tf.ts';
import { heapTensor, heapView } from './heap.tf.ts';
import { Layout, type Place } from './layout.ts';
import { requireWasmKernels } from './process-kernels.ts';

/** Rows of kept numbers are whole vectors of the widest instruction set, as `padded` in `native/src/problem.h`. */
const padded = (hidden: number): number => Math.ceil(hidden / 16) * 16;

/** The words of a call, and the arrays behind them. A tensor becomes its place in the call's block. */
class Call {
  readonly layout = new Layout();
  readonly #words: (number | Place | null)[];

  constructor({ cell, steps, rows, reverse }: RecurrenceProblem, number: number, directions: number, input: number) {
    this.#words = [number, Number(reverse), directions, steps, rows, input, cell.hidden, outputWidth(cell)];
  }

  add(...words: (Place | null)[]): void {
    this.#words.push(...words);
  }

  input(tensor: tf.Tensor | null | undefined): Place | null {
    return tensor == null ? null : this.layout.input(tensor.size, () => heapView(tensor));
  }

  output(tensor: tf.Tensor | null): Place | null {
    return tensor === null ? null : this.layout.output(tensor.size, () => heapView(tensor));
  }

  /** @param beside numbers that the kernel needs beside the arrays */
  run(kernel: 'forward' | 'backward', beside: number): void {
    requireWasmKernels().run(kernel, this.layout, this.#words, 4 * beside);
  }
}

/** Both parts of a state, as a call has them: the second stays empty for a cell without c. */
const twoParts = <T>(parts: readonly (T | null)[]): [T | null, T | null] => [parts[0] ?? null, parts[1] ?? null];

/** Numbers in the weights, which are packed once more, and of whose gradients each thread keeps sums. */
const sizeOfWeights = (weights: readonly CellWeights[]): number =>
  weights.reduce(
    (sum, { inputWeight, hiddenWeight, projection }) => sum + inputWeight.size + hiddenWeight.size + (projection?.size ?? 0),
    0,
  );

/**
 * A direction's weights and the state that it starts from.
 *
 * @param initial empty: zeros
 */
function addDirection(call: Call, { cell, rows }: RecurrenceProblem, weights: CellWeights, initial: StateParts): void {
  const { inputWeight, hiddenWeight, inputBias, hiddenBias, projection, peepholes } = weights;
  call.add(...[inputWeight, hiddenWeight, inputBias, hiddenBias, projection, peepholes].map((tensor) => call.input(tensor)));
  const start = stateWidths(cell).map((width, part) => call.input(initial[part]) ?? call.layout.input(rows * width, null));
  call.add(...twoParts(start));
}

/**
 * The kernels of `native/src` in WebAssembly: a whole sequence at once, each row for its own length, in one direction or both, on
 * all threads. Arguments and results are copied between TensorFlow.js' memory, which cannot be shared, and that of the kernels.
 */
export const wasmOp: SequenceOp = {
  startsFromZeros: true,

  forward(problem, x, weights, initial, keep) {
    const { cell, steps, rows, lengths } = problem;
    const widths = stateWidths(cell);
    const directions = weights.length;
    const { number, saved } = requireWasmKernels().cell(cell.kernel.name);
    const pairs = lengths.reduce((sum, length) => sum + length, 0);
    const sequence = heapTensor<tf.Rank.R3>([steps, rows, directions * outputWidth(cell)]);
    const keeps = (numbers: number): tf.Tensor2D[] =>
      weights.map(() => heapTensor<tf.Rank.R2>([keep ? pairs : 0, numbers * padded(cell.hidden)]));
    const gates = keeps(saved);
    const cells = keeps(widths.length - 1);
    const final = weights.map(() => widths.map((width) => heapTensor<tf.Rank.R2>([rows, width])));

    const call = new Call(problem, number, directions, x.shape[2]);
    call.add(call.input(x), call.layout.input(rows, lengths), call.output(sequence), null, null);
    weights.forEach((direction, d) => {
      addDirection(call, problem, direction, initial.slice(d * widths.length, (d + 1) * widths.length));
      call.add(...[gates[d], cells[d]].map((kept) => (kept === undefined || kept.size === 0 ? null : call.output(kept))));
      call.add(...twoParts((final[d] ?? []).map((part) => call.output(part))));
      call.add(...Array<null>(wordsOfGradients).fill(null));
    });
    call.run('forward', 2 * sizeOfWeights(weights));
    return { sequence, final: () => final.flat(), saved: [sequence, ...gates, ...cells] };
  },

  backward(problem, x, weights, initial, saved, dSequence, dFinal) {
    const { cell, rows, lengths } = problem;
    const widths = stateWidths(cell);
    const directions = weights.length;
    const [sequence, ...kept] = saved as [tf.Tensor3D, ...tf.Tensor2D[]];
    const dx = problem.inputGradient ? heapTensor<tf.Rank.R3>(x.shape) : null;
    const like = <T extends tf.Tensor | null>(tensor: T): T =>
      tensor === null ? tensor : (heapTensor(tensor.shape) as unknown as T);
    const gradients = weights.map(({ inputWeight, hiddenWeight, inputBias, hiddenBias, projection, peepholes }, d) => ({
      x: d === 0 ? dx : null,
      inputWeight: like(inputWeight),
      hiddenWeight: like(hiddenWeight),
      inputBias: like(inputBias),
      hiddenBias: like(hiddenBias),
      projection: like(projection),
      peepholes: like(peepholes),
      initial: initial.length === 0 ? [] : widths.map((width) => heapTensor<tf.Rank.R2>([rows, width])),
    }));

    const call = new Call(problem, requireWasmKernels().cell(cell.kernel.name).number, directions, x.shape[2]);
    call.add(call.input(x), call.layout.input(rows, lengths), call.input(sequence), call.input(dSequence), call.output(dx));
    gradients.forEach((d, index) => {
      const parts = [index * widths.length, (index + 1) * widths.length] as const;
      addDirection(call, problem, weights[index] as CellWeights, initial.slice(...parts));
      call.add(...[kept[index], kept[directions + index]].map((tensor) => (tensor?.size === 0 ? null : call.input(tensor))));
      call.add(...twoParts((dFinal ?? []).slice(...parts).map((part) => call.input(part))));
      call.add(
        ...[d.inputWeight, d.hiddenWeight, d.inputBias, d.hiddenBias, d.projection, d.peepholes].map((tensor) =>
          call.output(tensor),
        ),
      );
      call.add(...twoParts(d.initial.map((part) => call.output(part))));
    });
    // A second direction's share of dx is kept apart until the end.
    call.run('backward', (2 + requireWasmKernels().threads) * sizeOfWeights(weights) + (directions - 1) * x.size);
    return gradients;
  },
};

/** Words at the end of a direction that only the gradient's call fills. */
const wordsOfGradients = 8;
