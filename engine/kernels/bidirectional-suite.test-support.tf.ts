import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { cellParameters } from '../cells/parameters.ts';
import { acceleratedCell } from '../cells/registry.ts';
import { Random } from '../random.ts';
import { type AcceleratedCell, outputWidth, stateWidths } from '../shapes/value-type.ts';
import { bidirectional } from './bidirectional.tf.ts';
import { cellWeights } from './cell-weights.tf.ts';
import { type CellWeights, recurrence } from './recurrence.tf.ts';

// Odd sizes: wider than one vector, and not a multiple of one.
const hidden = 19;
const [steps, rows, features] = [6, 9, 5];
const lengths = Int32Array.from([6, 1, 4, 6, 2, 5, 3, 6, 1]);

/** Cells of every kind, with two weight sets each. */
export const bothWaysCells: readonly AcceleratedCell[] = [
  acceleratedCell('rnn-cell', { hidden, activation: 'tanh' }),
  acceleratedCell('gru-cell', { hidden, form: 'reset-after' }),
  acceleratedCell('gru-cell', { hidden, form: 'relevance-before' }),
  acceleratedCell('lstm-cell', { hidden, forgetBias: 1, peepholes: false, coupled: false, projection: 0 }),
  acceleratedCell('lstm-cell', { hidden, forgetBias: 1, peepholes: true, coupled: true, projection: 0 }),
  acceleratedCell('lstm-cell', { hidden, forgetBias: 1, peepholes: false, coupled: false, projection: 6 }),
  acceleratedCell('lstm-cell', { hidden, forgetBias: 1, peepholes: true, coupled: true, projection: 18 }),
];

function normal(stream: string, shape: readonly number[]): tf.Tensor {
  const source = new Random(3, stream);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal() * 0.4),
    [...shape],
  );
}

/**
 * What every op for both directions passes, on the backend that is current when the tests run.
 *
 * @param limit largest distance from two recurrences, of numbers near 1
 */
export function testBidirectional(cells: readonly AcceleratedCell[], limit = 2e-4): void {
  describe.each(cells.map((cell) => [`${cell.kernel.name} ${outputWidth(cell)}`, cell] as const))('%s', (_name, cell) => {
    const specs = cellParameters(cell, features, '');
    const widths = stateWidths(cell);
    it.each([
      { sequence: true, final: false, start: true },
      { sequence: false, final: true, start: true },
      { sequence: true, final: true, start: true },
      { sequence: true, final: true, start: false },
    ])('equal two recurrences, values and gradients: $sequence $final, a start given: $start', ({ start, ...want }) => {
      const distances = tf.tidy(() => {
        const arguments_ = [
          normal('x', [steps, rows, features]),
          ...[0, 1].flatMap((d) => specs.map((spec) => normal(`${spec.name} ${d}`, spec.shape))),
          ...[0, 1].flatMap((d) => (start ? widths : []).map((width, part) => normal(`state ${d} ${part}`, [rows, width]))),
        ];
        const upstream = normal('upstream', [steps, rows, 2 * outputWidth(cell)]);
        const upstreamFinal = [0, 1].map((d) => widths.map((width, part) => normal(`up ${d} ${part}`, [rows, width])));
        const unpack = (args: tf.Tensor[]) => {
          const weights = [0, 1].map((d): CellWeights => {
            const named = new Map(specs.map((spec, k) => [spec.name, args[1 + d * specs.length + k] as tf.Tensor]));
            return cellWeights((name) => named.get(name) ?? null);
          });
          const states = args.slice(1 + 2 * specs.length) as tf.Tensor2D[];
          const initial = [0, 1].map((d) => states.slice(d * widths.length, (d + 1) * widths.length));
          return { x: args[0] as tf.Tensor3D, weights, initial };
        };
        const score = (sequence: tf.Tensor | null, final: readonly (readonly tf.Tensor[])[] | null): tf.Scalar => {
          const terms: tf.Tensor[] = sequence === null ? [] : [tf.sum(tf.mul(sequence, upstream))];
          final?.forEach((state, d) => {
            state.forEach((part, k) => {
              terms.push(tf.sum(tf.mul(part, upstreamFinal[d]?.[k] ?? part)));
            });
          });
          return tf.addN(terms) as tf.Scalar;
        };
        const zeros = widths.map((width) => tf.zeros<tf.Rank.R2>([rows, width]));
        const problem = { cell, steps, rows, lengths, reverse: false, inputGradient: true };
        const together = tf.valueAndGrads((...args: tf.Tensor[]) => {
          const { x, weights, initial } = unpack(args);
          const [w, v] = weights as [CellWeights, CellWeights];
          const [a, b] = initial as [tf.Tensor2D[], tf.Tensor2D[]];
          const out = bidirectional(problem, x, [w, v], start ? [a, b] : null, want);
          return score(out.sequence, out.final);
        })(arguments_);
        const apart = tf.valueAndGrads((...args: tf.Tensor[]) => {
          const { x, weights, initial } = unpack(args);
          const outs = weights.map((w, d) =>
            recurrence({ ...problem, reverse: d === 1 }, x, w, start ? (initial[d] ?? null) : zeros, want),
          );
          const sequences = outs.flatMap((out) => out.sequence ?? []);
          const final = outs.flatMap((out) => (out.final === null ? [] : [out.final]));
          return score(want.sequence ? tf.concat(sequences, 2) : null, want.final ? final : null);
        })(arguments_);
        const distance = (a: tf.Tensor, b: tf.Tensor): number => tf.max(tf.abs(tf.sub(a, b))).dataSync()[0] ?? Number.NaN;
        return [
          distance(together.value, apart.value),
          ...together.grads.map((gradient, k) => distance(gradient, apart.grads[k] ?? gradient)),
        ];
      });
      for (const distance of distances) expect(distance).toBeLessThan(limit);
    });
  });
}
