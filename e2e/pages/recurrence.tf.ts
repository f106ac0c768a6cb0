/**
 * A page that runs the recurrence op on WebGPU: against the composed form on the JavaScript backend, whose own tests compare it with
 * rows run alone, and against finite differences of its own values.
 */
import * as tf from '@tensorflow/tfjs-core';
import { cellParameters } from '../../engine/cells/parameters.ts';
import { cellWeights } from '../../engine/kernels/cell-weights.tf.ts';
import { recurrence } from '../../engine/kernels/recurrence.tf.ts';
import type { DeviceInfo } from '../../engine/protocol/app.ts';
import { Random } from '../../engine/random.ts';
import { type AcceleratedCell, outputWidth, stateWidths } from '../../engine/shapes/value-type.ts';
import { startWebGpu } from '../../engine/worker/webgpu.tf.ts';

export interface RecurrenceCase {
  readonly cell: AcceleratedCell;
  readonly steps: number;
  readonly inputs: number;
  readonly lengths: readonly number[];
  readonly reverse: boolean;
  readonly want: { readonly sequence: boolean; readonly final: boolean };
  /** Whether the initial state is given; zeros otherwise. */
  readonly initial: boolean;
}

/** Read by the test. */
export interface RecurrencePage {
  start(): Promise<DeviceInfo>;
  /** By tensor (`value`, then the gradients by their names): the largest difference, relative to the tensor's largest entry but not below 1. */
  compare(asked: RecurrenceCase): Promise<Record<string, number>>;
  /** By argument: |slope by central difference − slope by gradient| along a random direction, relative to the larger but not below 1. */
  slopes(asked: RecurrenceCase): Promise<Record<string, number>>;
  /** Whether two runs agree to the last bit, and tensors that a run leaves behind. */
  repeat(asked: RecurrenceCase): Promise<{ readonly equal: boolean; readonly left: number }>;
}

function normal(stream: string, shape: readonly number[]): tf.Tensor {
  const random = new Random(11, stream);
  return tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => random.normal() * 0.5),
    [...shape],
  );
}

/** The op's arguments by name, the same on every backend. */
function argumentsOf({ cell, steps, inputs, lengths, initial }: RecurrenceCase): Map<string, tf.Tensor> {
  const rows = lengths.length;
  const made = new Map([['x', normal('x', [steps, rows, inputs])]]);
  for (const { name, shape } of cellParameters(cell, inputs, '')) made.set(name, normal(name, shape));
  const widths = initial ? stateWidths(cell) : [];
  for (const [part, width] of widths.entries()) made.set(`initial ${part}`, normal(`initial ${part}`, [rows, width]));
  return made;
}

/** One number of all outputs, each entry weighed differently. */
function score(asked: RecurrenceCase, args: ReadonlyMap<string, tf.Tensor>): tf.Scalar {
  const { cell, steps, lengths, reverse, want } = asked;
  const rows = lengths.length;
  const of = <T extends tf.Tensor>(name: string): T => {
    const tensor = args.get(name);
    if (tensor === undefined) throw new Error(`argument ${name} is missing`);
    return tensor as T;
  };
  const weights = cellWeights((name) => args.get(name) ?? null);
  const initial = args.has('initial 0') ? stateWidths(cell).map((_, part) => of<tf.Tensor2D>(`initial ${part}`)) : null;
  const problem = { cell, steps, rows, lengths: Int32Array.from(lengths), reverse, inputGradient: true };
  const out = recurrence(problem, of<tf.Tensor3D>('x'), weights, initial, want);
  const terms = (out.final ?? []).map((part, index) => tf.sum(tf.mul(part, normal(`upstream ${index}`, part.shape))));
  const upstream = normal('upstream', [steps, rows, outputWidth(cell)]);
  if (out.sequence !== null) terms.push(tf.sum(tf.mul(out.sequence, upstream)));
  return tf.addN(terms) as tf.Scalar;
}

/** The score, and the gradient of each argument. */
async function readings(asked: RecurrenceCase): Promise<Map<string, Float32Array>> {
  const args = argumentsOf(asked);
  const names = [...args.keys()];
  const { value, grads } = tf.valueAndGrads((...tensors: tf.Tensor[]) =>
    score(asked, new Map(names.map((name, at) => [name, tensors[at] as tf.Tensor]))),
  )([...args.values()]);
  const read = await Promise.all([value, ...grads].map((tensor) => tensor.data<'float32'>()));
  tf.dispose([value, grads, [...args.values()]]);
  return new Map(['value', ...names].map((name, at) => [name, read[at] ?? new Float32Array()]));
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);

async function compare(asked: RecurrenceCase): Promise<Record<string, number>> {
  await tf.setBackend('cpu');
  const expected = await readings(asked);
  await tf.setBackend('webgpu');
  const found = await readings(asked);
  return Object.fromEntries(
    [...expected].map(([name, values]) => {
      const other = found.get(name);
      if (other?.length !== values.length) return [name, Number.POSITIVE_INFINITY];
      const differences = values.map((value, at) => value - (other[at] ?? Number.NaN));
      // A NaN would vanish in Math.max.
      return [name, differences.some(Number.isNaN) ? Number.POSITIVE_INFINITY : maximum(differences) / largest(values)];
    }),
  );
}

const maximum = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

async function slopes(asked: RecurrenceCase): Promise<Record<string, number>> {
  const gradients = await readings(asked);
  const errors: Record<string, number> = {};
  // Short, so that hardly any ReLU turns on the way; long enough for float32.
  const size = 2e-3;
  for (const name of argumentsOf(asked).keys()) {
    const at = async (shift: number): Promise<number> => {
      const shifted = tf.tidy(() => {
        const args = argumentsOf(asked);
        const before = args.get(name) as tf.Tensor;
        args.set(name, tf.add(before, tf.mul(normal(`direction ${name}`, before.shape), shift)));
        return score(asked, args);
      });
      const [value = Number.NaN] = await shifted.data();
      shifted.dispose();
      return value;
    };
    const measured = ((await at(size)) - (await at(-size))) / (2 * size);
    const gradient = gradients.get(name) ?? new Float32Array();
    const direction = await normal(`direction ${name}`, [gradient.length]).data();
    const told = gradient.reduce((sum, value, index) => sum + value * (direction[index] ?? Number.NaN), 0);
    errors[name] = Math.abs(measured - told) / Math.max(1, Math.abs(measured), Math.abs(told));
  }
  return errors;
}

async function repeat(asked: RecurrenceCase): Promise<{ equal: boolean; left: number }> {
  const first = await readings(asked);
  const before = tf.memory().numTensors;
  const second = await readings(asked);
  const equal = [...first].every(([name, values]) => values.every((value, at) => Object.is(value, second.get(name)?.[at])));
  return { equal, left: tf.memory().numTensors - before };
}

Object.assign(globalThis, { recurrencePage: { start: startWebGpu, compare, slopes, repeat } satisfies RecurrencePage });
