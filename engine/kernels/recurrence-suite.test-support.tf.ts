import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cellParameters } from '../cells/parameters.ts';
import { type AcceleratedForm, acceleratedForms } from '../cells/registry.ts';
import { Random } from '../random.ts';
import { type AcceleratedCell, outputWidth, stateWidths } from '../shapes/value-type.ts';
import { cellWeights } from './cell-weights.tf.ts';
import { learned, plainStep } from './plain-step.test-support.tf.ts';
import { type CellWeights, recurrence } from './recurrence.tf.ts';

const I = 3;
const hidden = 4;
const steps = 5;
const rows = 3;

/** Every cell that kernels know, in every form. */
export const allCells = acceleratedForms(hidden);

const random = (stream: string) => new Random(11, stream);
function normal(stream: string, shape: number[], scale = 0.7): tf.Tensor {
  const source = random(stream);
  return tf.tensor(
    Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => source.normal() * scale),
    shape,
  );
}

/** The recurrence with no padding at all: each row alone, for its own length, with TensorFlow.js's own gradients. */
function plainRecurrence(
  cell: AcceleratedCell,
  x: tf.Tensor3D,
  weights: ReadonlyMap<string, tf.Tensor>,
  initial: tf.Tensor[],
  lengths: Int32Array,
  reverse: boolean,
): { sequence: tf.Tensor; final: tf.Tensor[] } {
  const rowsOut: tf.Tensor[] = [];
  const finals: tf.Tensor[][] = [];
  for (let b = 0; b < rows; b++) {
    const length = lengths[b] ?? 0;
    const outputs: tf.Tensor[] = [];
    let state = initial.map((part) => part.slice([b, 0], [1, -1]));
    for (let index = 0; index < length; index++) {
      const t = reverse ? length - 1 - index : index;
      state = plainStep(cell, x.slice([t, b, 0], [1, 1, I]).reshape([1, I]), state, weights);
      outputs[t] = state[0] ?? x;
    }
    while (outputs.length < steps) outputs.push(tf.zeros([1, outputWidth(cell)]));
    rowsOut.push(tf.concat(outputs, 0));
    finals.push(state);
  }
  return {
    sequence: tf.stack(rowsOut, 1),
    final: initial.map((_, part) => tf.concat(finals.map((state) => state[part] ?? x))),
  };
}

/**
 * What every implementation of the recurrence passes, on the backend that is current when the tests run.
 *
 * @param limit largest distance from each row run alone, of numbers near 1
 */
export function testRecurrence(cells: readonly AcceleratedForm[], limit = 2e-5): void {
  describe.each(cells)('$name', ({ cell }) => {
    const widths = stateWidths(cell);
    const specs = cellParameters(cell, I, '');
    const named = (tensors: readonly tf.Tensor[]): CellWeights =>
      cellWeights((name) => tensors[specs.findIndex((spec) => spec.name === name)] ?? null);
    const problem = { cell, steps, rows, inputGradient: true };
    const wants = [
      { sequence: true, final: false },
      { sequence: false, final: true },
      { sequence: true, final: true },
    ];
    const cases = [false, true].flatMap((reverse) =>
      [Int32Array.from([5, 5, 5]), Int32Array.from([5, 2, 4])].flatMap((lengths) =>
        wants.map((want) => ({ reverse, lengths, want })),
      ),
    );

    it.each(cases)('equals each row run alone, values and gradients: $reverse $lengths $want', ({ reverse, lengths, want }) => {
      const distances = tf.tidy(() => {
        const x = normal('x', [steps, rows, I]) as tf.Tensor3D;
        const weights = specs.map((spec) => normal(spec.name, [...spec.shape]));
        const initial = widths.map((width, part) => normal(`state ${part}`, [rows, width]));
        const upstream = normal('upstream', [steps, rows, outputWidth(cell)]);
        const upstreamFinal = widths.map((width, part) => normal(`upstream ${part}`, [rows, width]));
        const score = (sequence: tf.Tensor | null, final: readonly tf.Tensor[] | null): tf.Scalar => {
          const terms: tf.Tensor[] = [];
          if (sequence !== null) terms.push(tf.sum(tf.mul(sequence, upstream)));
          for (const [part, value] of (final ?? []).entries()) terms.push(tf.sum(tf.mul(value, upstreamFinal[part] ?? value)));
          return tf.addN(terms) as tf.Scalar;
        };
        const all = [x, ...weights, ...initial];
        const unpack = (args: tf.Tensor[]) => ({
          x: args[0] as tf.Tensor3D,
          weights: named(args.slice(1, 1 + weights.length)),
          initial: args.slice(1 + weights.length) as tf.Tensor2D[],
        });
        const ours = tf.valueAndGrads((...args: tf.Tensor[]) => {
          const a = unpack(args);
          const out = recurrence({ ...problem, lengths, reverse }, a.x, a.weights, a.initial, want);
          return score(out.sequence, out.final);
        })(all);
        const plain = tf.valueAndGrads((...args: tf.Tensor[]) => {
          const a = unpack(args);
          const stored = (name: string): tf.Tensor => args[1 + specs.findIndex((spec) => spec.name === name)] as tf.Tensor;
          const out = plainRecurrence(cell, a.x, learned(cell, stored), a.initial, lengths, reverse);
          return score(want.sequence ? out.sequence : null, want.final ? out.final : null);
        })(all);
        const distance = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN;
        return [distance(ours.value, plain.value), ...ours.grads.map((g, k) => distance(g, plain.grads[k] ?? g))];
      });
      for (const distance of distances) expect(distance).toBeLessThan(limit);
    });

    it.each([false, true])('starts from zeros where no state is given: reverse %s', (reverse) => {
      const distances = tf.tidy(() => {
        const all = [normal('x', [steps, rows, I]), ...specs.map((spec) => normal(spec.name, [...spec.shape]))];
        const zeros = widths.map((width) => tf.zeros<tf.Rank.R2>([rows, width]));
        const from = (initial: tf.Tensor2D[] | null) =>
          tf.valueAndGrads((...[x, ...weights]: tf.Tensor[]) => {
            const lengths = Int32Array.from([5, 2, 4]);
            const want = { sequence: true, final: true };
            const out = recurrence({ ...problem, lengths, reverse }, x as tf.Tensor3D, named(weights), initial, want);
            return tf.addN(
              [out.sequence, ...(out.final ?? [])].flatMap((value) => (value ? tf.sum(tf.square(value)) : [])),
            ) as tf.Scalar;
          })(all);
        const [absent, given] = [from(null), from(zeros)];
        const distance = (a: tf.Tensor, b: tf.Tensor) => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN;
        return [distance(absent.value, given.value), ...absent.grads.map((g, k) => distance(g, given.grads[k] ?? g))];
      });
      for (const distance of distances) expect(distance).toBeLessThan(1e-5);
    });

    it('leaves no tensor behind, with and without a gradient', () => {
      const x = normal('x', [steps, rows, I]) as tf.Tensor3D;
      const weights = specs.map((spec) => normal(spec.name, [...spec.shape]));
      const run = (input: tf.Tensor3D): tf.Scalar =>
        tf.tidy(() => {
          const lengths = Int32Array.from([5, 2, 4]);
          const out = recurrence({ ...problem, lengths, reverse: false }, input, named(weights), null, {
            sequence: true,
            final: false,
          });
          return tf.sum(out.sequence ?? input) as tf.Scalar;
        });
      const step = () => {
        tf.tidy(() => run(x).dataSync());
        tf.tidy(() =>
          tf
            .grad((input: tf.Tensor) => run(input as tf.Tensor3D))(x)
            .dataSync(),
        );
      };
      step();
      const before = tf.memory().numTensors;
      step();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
