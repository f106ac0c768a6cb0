import type * as tf from '@tensorflow/tfjs-core';
import { gradientShapes, type ProgramOp, type ProgramProblem, type ProgramWeights, savedNumbers } from '../program-op.tf.ts';
import { heapTensor, heapView } from './heap.tf.ts';
import { Layout, type Place } from './layout.ts';
import { requireWasmKernels } from './process-kernels.ts';

/** The words of a call, in the order of `src/program.cc`. */
class Call {
  readonly #layout = new Layout();
  readonly #words: (number | Place | null)[];

  constructor(
    { program, reverse, steps, rows, lengths }: ProgramProblem,
    directions: number,
    x: tf.Tensor,
    others: (call: Call) => (Place | null)[],
  ) {
    const words = this.#layout.input(program.words.length, program.words);
    this.#words = [program.words.length, words, Number(reverse), directions, steps, rows];
    this.#words.push(this.input(x), this.#layout.input(rows, lengths), ...others(this));
  }

  input(tensor: tf.Tensor | null | undefined): Place | null {
    return tensor == null ? null : this.#layout.input(tensor.size, () => heapView(tensor));
  }

  /** Zeros, where no tensor is given. */
  inputOr(tensor: tf.Tensor | undefined, count: number): Place {
    return this.input(tensor) ?? this.#layout.input(count, null);
  }

  output(tensor: tf.Tensor | null): Place | null {
    return tensor === null ? null : this.#layout.output(tensor.size, () => heapView(tensor));
  }

  add(words: readonly (Place | null)[]): void {
    this.#words.push(...words);
  }

  /** @param beside numbers that the kernel needs beside the arrays */
  run(kernel: 'program_forward' | 'program_backward', beside: number): void {
    requireWasmKernels().run(kernel, this.#layout, this.#words, 4 * beside);
  }
}

const sizeOf = (weights: readonly ProgramWeights[]): number =>
  weights.flatMap(({ matrices }) => matrices).reduce((sum, { size }) => sum + size, 0);

/** The kernels of `native/src` in WebAssembly. Arguments and results are copied between TensorFlow.js' memory and theirs. */
export const wasmProgramOp: ProgramOp = {
  beyond: ({ program }) => program.beyond,

  forward(problem, x, weights, initial, keep) {
    const { program, steps, rows, lengths } = problem;
    const { states } = program;
    const pairs = lengths.reduce((sum, length) => sum + length, 0);
    const sequence = heapTensor<tf.Rank.R3>([steps, rows, weights.length * (states[0] ?? 0)]);
    const saved = weights.map(() => (keep ? heapTensor<tf.Rank.R2>([pairs, savedNumbers(program)]) : null));
    const final = weights.map(() => states.map((width) => heapTensor<tf.Rank.R2>([rows, width])));
    const call = new Call(problem, weights.length, x, (one) => [one.output(sequence), null, null]);
    weights.forEach(({ matrices, vectors }, d) => {
      call.add([...matrices, ...vectors].map((tensor) => call.input(tensor)));
      call.add(states.map((width, part) => call.inputOr(initial[d * states.length + part], rows * width)));
      // What is not kept has no array, though one that keeps nothing is there.
      const kept = saved[d] ?? null;
      call.add([kept === null || kept.size === 0 ? null : call.output(kept)]);
      call.add((final[d] ?? []).map((part) => call.output(part)));
    });
    call.run('program_forward', 2 * sizeOf(weights));
    return { sequence, final: final.flat(), saved: [sequence, ...saved.filter((one) => one !== null)] };
  },

  backward(problem, x, weights, initial, [sequence, ...saved], dSequence, dFinal) {
    const { program, rows } = problem;
    const { states } = program;
    const dx = problem.inputGradient ? heapTensor<tf.Rank.R3>(x.shape) : null;
    const shapes = gradientShapes(program);
    const directions = weights.map(() => ({
      outers: shapes.outers.map((shape) => heapTensor<tf.Rank.R2>(shape)),
      sums: shapes.sums.map((width) => heapTensor<tf.Rank.R1>([width])),
      initial: initial.length === 0 ? [] : states.map((width) => heapTensor<tf.Rank.R2>([rows, width])),
    }));
    const call = new Call(problem, weights.length, x, (one) => [one.input(sequence), one.input(dSequence), one.output(dx)]);
    weights.forEach(({ matrices, vectors }, d) => {
      const part = (index: number): number => d * states.length + index;
      call.add([...matrices, ...vectors].map((tensor) => call.input(tensor)));
      call.add(states.map((width, index) => call.inputOr(initial[part(index)], rows * width)));
      call.add([call.input(saved[d]), ...states.map((_, index) => call.input(dFinal?.[part(index)]))]);
      const own = directions[d];
      call.add([...(own?.outers ?? []), ...(own?.sums ?? [])].map((tensor) => call.output(tensor)));
      call.add(states.map((_, index) => call.output(own?.initial[index] ?? null)));
    });
    // Packed matrices, sums of their gradients on each thread, and the second direction's share of dx.
    call.run('program_backward', (2 + requireWasmKernels().threads) * sizeOf(weights) + (weights.length - 1) * x.size);
    return { x: dx, directions };
  },
};
