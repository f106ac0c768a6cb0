import * as tf from '@tensorflow/tfjs-core';
import { cellParameters } from '../cells/parameters.ts';
import { type AcceleratedForm, acceleratedCell, acceleratedForms, type CellKind } from '../cells/registry.ts';
import { bidirectional } from '../kernels/bidirectional.tf.ts';
import { cellWeights } from '../kernels/cell-weights.tf.ts';
import { withComposedOnly } from '../kernels/composed-only.ts';
import { type ImplementationName, implementationName } from '../kernels/implementations.tf.ts';
import { type CellWeights, recurrence } from '../kernels/recurrence.tf.ts';
import type { RecurrenceProblem } from '../kernels/recurrence.ts';
import { Random } from '../random.ts';
import { type AcceleratedCell, stateWidths } from '../shapes/value-type.ts';
import { largestError, type Reading } from './self-check.tf.ts';

/** A cell's kernels against the composed form. */
export interface KernelCheck {
  /** e.g. `gru reset-after` */
  readonly cell: string;
  readonly implementation: ImplementationName;
  /** Largest error of an output or a gradient, relative to the largest entry of the same tensor; `Infinity` for NaN. */
  readonly error: number;
  /** Where it is, e.g. `both directions, 3 rows of 6 steps, ragged: bias_ih 0`. */
  readonly worst: string;
}

type Way = 'forwards' | 'backwards' | 'both directions';

interface Case {
  readonly way: Way;
  readonly steps: number;
  readonly rows: number;
  readonly inputs: number;
  readonly hidden: number;
  readonly ragged: boolean;
}

const small = { steps: 6, rows: 3, inputs: 5, hidden: 7 };
const large = { steps: 24, rows: 16, inputs: 32, hidden: 64 };

/** Full and ragged batches of the same shapes one after the other, as training meets them. */
const cases: readonly Case[] = [
  ...(['forwards', 'backwards', 'both directions'] as const).flatMap((way) =>
    [false, true, false].map((ragged) => ({ way, ragged, ...small })),
  ),
  { way: 'both directions', ragged: true, ...large },
];

/** Every cell in every form that kernels know, in the sizes of a check. */
export const checkedCells = (): readonly AcceleratedForm[] => acceleratedForms(small.hidden);

/** Runs something in a way of its own. */
export type Form = <T>(run: () => T) => T;
export const asItIs: Form = (run) => run();

/**
 * Runs a cell on the current backend with the implementation that trains there, and in the composed form: values and gradients, with
 * states, over full and ragged batches, in each direction and in both.
 *
 * @param form in which the implementation runs
 * @throws what an op throws.
 */
export async function checkKernels({ name, cell }: AcceleratedForm, form: Form = asItIs): Promise<KernelCheck> {
  const implementation = implementationName(problemOf(cell, { ...small, way: 'forwards', ragged: true }));
  let worst = { error: 0, place: '' };
  // The reference itself.
  if (implementation === 'composed') return { cell: name, implementation, error: 0, worst: '' };
  for (const one of cases) {
    const found = await readings(cell, one, form);
    const expected = await readings(cell, one, withComposedOnly);
    expected.forEach((reading, index) => {
      const error = largestError([reading], [found[index] ?? { name: '', values: new Float32Array() }]);
      if (error <= worst.error) return;
      const { way, rows, steps, ragged } = one;
      worst = { error, place: `${way}, ${rows} rows of ${steps} steps, ${ragged ? 'ragged' : 'full'}: ${reading.name}` };
    });
  }
  return { cell: name, implementation, error: worst.error, worst: worst.place };
}

const sized = ({ kind, settings }: AcceleratedCell, hidden: number): AcceleratedCell =>
  acceleratedCell(kind as CellKind, { ...settings, hidden });

function problemOf(cell: AcceleratedCell, { way, steps, rows, hidden, ragged }: Omit<Case, 'inputs'>): RecurrenceProblem {
  // Neither sorted nor all different.
  const lengths = Int32Array.from({ length: rows }, (_, row) => (ragged ? 1 + ((row * 5 + 3) % steps) : steps));
  return { cell: sized(cell, hidden), steps, rows, lengths, reverse: way === 'backwards', inputGradient: true };
}

/** @param form runs the op: as it is, or composed */
async function readings(cell: AcceleratedCell, one: Case, form: Form): Promise<Reading[]> {
  const problem = problemOf(cell, one);
  const { steps, rows, inputs } = one;
  const directions = one.way === 'both directions' ? [0, 1] : [0];
  const specs = cellParameters(problem.cell, inputs, '');
  const widths = stateWidths(problem.cell);
  const named = [
    { name: 'x', shape: [steps, rows, inputs] },
    ...directions.flatMap((d) => specs.map((spec) => ({ name: `${spec.name} ${d}`, shape: [...spec.shape] }))),
    ...directions.flatMap((d) => widths.map((width, part) => ({ name: `state ${d} ${part}`, shape: [rows, width] }))),
  ];
  const tensors = tf.tidy(() => {
    const names = specs.map((spec) => spec.name);
    const run = (args: readonly tf.Tensor[]): tf.Tensor[] => outputs(problem, one.way, args, names, widths.length);
    const score = (...args: tf.Tensor[]): tf.Scalar =>
      tf.addN(run(args).map((value, index) => tf.sum(tf.mul(value, normal(`upstream ${index}`, value.shape))))) as tf.Scalar;
    const args = named.map(({ name, shape }) => argument(cell, name, shape));
    return form(() => [...tf.valueAndGrads(score)(args).grads, ...run(args)]);
  });
  const read = await Promise.all(tensors.map((tensor) => tensor.data()));
  tf.dispose(tensors);
  return read.map((values, index) => ({
    name: named[index]?.name ?? `output ${index - named.length}`,
    values: Float32Array.from(values),
  }));
}

/** The sequence and each part of the final state. */
function outputs(
  problem: RecurrenceProblem,
  way: Way,
  args: readonly tf.Tensor[],
  names: readonly string[],
  parts: number,
): tf.Tensor[] {
  const [x, ...rest] = args;
  const want = { sequence: true, final: true };
  const weights = (direction: number): CellWeights =>
    cellWeights((name) => {
      const index = names.indexOf(name);
      return index < 0 ? null : (rest[direction * names.length + index] ?? null);
    });
  const directions = way === 'both directions' ? 2 : 1;
  const states = rest.slice(directions * names.length) as tf.Tensor2D[];
  if (way !== 'both directions') {
    const { sequence, final } = recurrence(problem, x as tf.Tensor3D, weights(0), states, want);
    return [...(sequence ? [sequence] : []), ...(final ?? [])];
  }
  const initial = [states.slice(0, parts), states.slice(parts)] as const;
  const { sequence, final } = bidirectional(problem, x as tf.Tensor3D, [weights(0), weights(1)], initial, want);
  return [...(sequence ? [sequence] : []), ...(final?.flat() ?? [])];
}

/**
 * A rectifier's slope jumps at zero, where rounding decides which it is. So its units are kept well away from there: every other one on
 * either side.
 */
function argument(cell: AcceleratedCell, name: string, shape: readonly number[]): tf.Tensor {
  const tensor = normal(name, shape);
  if (cell.settings['activation'] !== 'relu') return tensor;
  if (name.startsWith('weight_hh')) return tf.mul(tensor, 0.3);
  const sides = Float32Array.from({ length: tensor.size }, (_, unit) => (unit % 2 === 0 ? 2 : -2));
  return name.startsWith('bias_ih') ? tf.add(tensor, sides) : tensor;
}

/** Weights in the size of a trained network's: much larger ones would make a long sequence blow rounding up. */
function normal(stream: string, shape: readonly number[]): tf.Tensor {
  const source = new Random(17, stream);
  const scale = stream.startsWith('weight') ? 0.6 / Math.sqrt(shape.at(-1) ?? 1) : 0.4;
  const size = shape.reduce((product, n) => product * n, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal() * scale),
    [...shape],
  );
}
