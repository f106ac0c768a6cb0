import * as tf from '@tensorflow/tfjs-core';
import type { StateParts } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import { heapView } from '../wasm/heap.tf.ts';
import type { StepRows } from './cell.ts';

/** One cell's steps over the WASM heap. `input` is the input's share of the gates `[T·B, G·H]`, without bias. */
export interface HeapCell {
  /** @returns the histories of the state's parts, and the tensor of kept numbers, as `backward` takes them */
  forward(problem: RecurrenceProblem, input: tf.Tensor2D, weights: HostWeights, initial: StateParts): readonly tf.Tensor[];
  /**
   * @param saved what `forward` returned
   * @returns gradients of the input's share and of the state's share of the gates `[T·B, G·H]` (the same tensor where they are equal)
   */
  backward(
    problem: RecurrenceProblem,
    saved: readonly tf.Tensor[],
    weights: HostWeights,
    dSequence: tf.Tensor3D | null,
    dFinal: StateParts | null,
  ): HeapGradients;
}

export interface HeapGradients {
  readonly input: tf.Tensor2D;
  readonly hiddenWeight: tf.Tensor2D;
  readonly hiddenBias: tf.Tensor1D | null;
  /** Absent where the cell has none. */
  readonly projection?: tf.Tensor2D;
  readonly peepholes?: tf.Tensor1D;
  readonly initial: StateParts;
}

/** The recurrent matrices on the backend, and the biases and peepholes in JavaScript's own memory. */
export interface HostWeights {
  readonly hiddenWeight: tf.Tensor2D;
  readonly projection: tf.Tensor2D | null;
  readonly peepholes: Float32Array | null;
  readonly inputBias: Float32Array;
  readonly hiddenBias: Float32Array | null;
}

export const bothBiases = ({ inputBias, hiddenBias }: HostWeights): Float32Array =>
  hiddenBias === null ? inputBias : inputBias.map((bias, j) => bias + (hiddenBias[j] as number));

export function stepRows({ rows, cell, lengths }: RecurrenceProblem, t: number): StepRows {
  return { rows, width: cell.hidden, t, lengths };
}

/** A gradient that is carried back through time, in JavaScript's own memory so that no operation moves it. */
export function carried(problem: RecurrenceProblem, final: tf.Tensor2D | undefined, width = problem.cell.hidden): Float32Array {
  const start = new Float32Array(problem.rows * width);
  if (final !== undefined) start.set(heapView(final));
  return start;
}

/** Adds step t of a sequence's gradient `[T, B, H]`, at real steps only. */
export function addStep(dh: Float32Array, sequence: tf.Tensor3D | null, { rows, width, t, lengths }: StepRows): void {
  if (sequence === null) return;
  const view = heapView(sequence);
  for (let b = 0; b < rows; b++) {
    if (t >= (lengths[b] as number)) continue;
    const from = (t * rows + b) * width;
    for (let j = 0; j < width; j++) dh[b * width + j] = (dh[b * width + j] as number) + (view[from + j] as number);
  }
}

/** `dh += dz W`, through the backend's own product. */
export function addProduct(dh: Float32Array, dz: tf.Tensor2D, weight: tf.Tensor2D): void {
  const result = tf.matMul(dz, weight);
  const view = heapView(result);
  for (let k = 0; k < dh.length; k++) dh[k] = (dh[k] as number) + (view[k] as number);
  result.dispose();
}

/** `use` gets σ(x) and may read it until its first operation. */
export function withSigmoid(x: tf.Tensor2D, use: (values: Float32Array) => void): void {
  const values = tf.sigmoid(x);
  use(heapView(values));
  values.dispose();
}

/** `use` gets a b and may read it until its first operation. */
export function withProduct(a: tf.Tensor2D, b: tf.Tensor2D, use: (values: Float32Array) => void): void {
  const values = tf.matMul(a, b);
  use(heapView(values));
  values.dispose();
}
