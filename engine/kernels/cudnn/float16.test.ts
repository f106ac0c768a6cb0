import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { checkBatch, checkPlan, checkTargets } from '../../backends/check-network.ts';
import { cellParameters } from '../../cells/parameters.ts';
import { acceleratedCell } from '../../cells/registry.ts';
import { initializeParameters } from '../../compile/initialize.ts';
import { Model, toTensors } from '../../compile/materialize.tf.ts';
import { Random } from '../../random.ts';
import type { AcceleratedCell } from '../../shapes/value-type.ts';
import { stateWidths } from '../../shapes/value-type.ts';
import { bidirectional } from '../bidirectional.tf.ts';
import { cellWeights } from '../cell-weights.tf.ts';
import { withComposedOnly } from '../composed-only.ts';
import { type CellWeights, recurrence } from '../recurrence.tf.ts';
import type { RecurrenceProblem } from '../recurrence.ts';
import { setCudnn } from './precision.ts';
import { toFloat32, toPrecision } from './tensorflow-ops.tf.ts';
import { skipped, startWithReference } from './test/with-reference.test-support.tf.ts';

/** Lets a test leave the scaling of gradients out, to show what it is for. */
const scaling = vi.hoisted(() => ({ on: true }));
vi.mock('./gradient-scale.tf.ts', async (original) => {
  const { gradientScale } = await original<typeof import('./gradient-scale.tf.ts')>();
  return {
    gradientScale: (...args: Parameters<typeof gradientScale>) => (scaling.on ? gradientScale(...args) : tf.scalar(1)),
  };
});

const [inputs, hidden] = [5, 7];
const lstm = acceleratedCell('lstm-cell', { hidden });
const cells: readonly AcceleratedCell[] = [
  acceleratedCell('rnn-cell', { hidden, activation: 'tanh' }),
  acceleratedCell('gru-cell', { hidden, form: 'reset-after' }),
  lstm,
];

interface Case {
  readonly steps: number;
  readonly rows: number;
  readonly lengths?: readonly number[];
  readonly way?: 'forwards' | 'backwards' | 'both';
  /** Which outputs have a gradient. */
  readonly want?: { readonly sequence: boolean; readonly final: boolean };
  /** Factor of the incoming gradients, which are normal numbers times 0.4. */
  readonly upstream: number;
  /** Factor of the input, whose weights are that much smaller. */
  readonly input?: number;
  /** Factor of the weights. */
  readonly weights?: number;
  /** Added to the LSTM's bias of the forget gate. */
  readonly open?: number;
}

function normal(stream: string, shape: readonly number[], scale = 0.4): tf.Tensor {
  const source = new Random(5, stream);
  const size = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({ length: size }, () => source.normal() * scale),
    [...shape],
  );
}

/** Gradients of the input, of the weights and of the initial state. */
function gradients(cell: AcceleratedCell, one: Case): Float32Array[] {
  const {
    steps,
    rows,
    way = 'forwards',
    upstream,
    want = { sequence: true, final: true },
    input = 1,
    weights: size = 1,
    open = 0,
  } = one;
  const lengths = Int32Array.from(one.lengths ?? Array.from({ length: rows }, () => steps));
  const problem: RecurrenceProblem = { cell, steps, rows, lengths, reverse: way === 'backwards', inputGradient: true };
  const specs = cellParameters(cell, inputs, '');
  const widths = stateWidths(cell);
  const directions = way === 'both' ? [0, 1] : [0];
  return tf.tidy(() => {
    const args = [
      normal('x', [steps, rows, inputs], 0.4 * input),
      ...directions.flatMap((d) =>
        specs.map(({ name, shape }) => {
          const tensor = normal(`${name} ${d}`, shape, 0.3 * (name === 'weight_ih' ? size / input : size));
          const forget = tf
            .range(0, shape[0] ?? 0)
            .floorDiv(hidden)
            .equal(1);
          return name === 'bias_ih' ? tf.add(tensor, tf.mul(forget, open)) : tensor;
        }),
      ),
      ...directions.flatMap((d) => widths.map((width, part) => normal(`state ${d} ${part}`, [rows, width]))),
    ];
    const { grads } = tf.valueAndGrads((...all: tf.Tensor[]) => {
      const weights = directions.map((d): CellWeights => {
        const named = new Map(specs.map(({ name }, k) => [name, all[1 + d * specs.length + k]]));
        return cellWeights((name) => named.get(name) ?? null);
      });
      const states = all.slice(1 + directions.length * specs.length) as tf.Tensor2D[];
      const [first, second] = weights as [CellWeights, CellWeights];
      const x = all[0] as tf.Tensor3D;
      const out =
        way === 'both'
          ? bidirectional(problem, x, [first, second], [states.slice(0, widths.length), states.slice(widths.length)], want)
          : recurrence(problem, x, first, states, want);
      const values = [...(out.sequence === null ? [] : [out.sequence]), ...(out.final ?? []).flat()];
      return tf.addN(
        values.map((value, k) => tf.sum(tf.mul(value, normal(`up ${k}`, value.shape, 0.4 * upstream)))),
      ) as tf.Scalar;
    })(args);
    return grads.map((gradient) => gradient.dataSync<'float32'>());
  });
}

/** The largest error, relative to the largest entry of the same tensor. */
function error(found: readonly Float32Array[], expected: readonly Float32Array[]): number {
  return Math.max(
    ...expected.map((values, k) => {
      const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const distance = values.reduce((most, value, i) => Math.max(most, Math.abs(value - (found[k]?.[i] ?? Number.NaN))), 0);
      return found[k]?.every(Number.isFinite) ? distance / largest : Number.POSITIVE_INFINITY;
    }),
  );
}

/** Losses of the small network of the self-check, trained by Adam on its one batch. */
function losses(steps: number): number[] {
  const plan = checkPlan();
  const model = new Model(plan, initializeParameters(plan, 7));
  const batch = toTensors(checkBatch);
  const optimizer = tf.train.adam(0.02);
  const target = tf.oneHot(tf.tensor1d([...checkTargets.rows], 'int32'), checkTargets.classes.length);
  const found = Array.from({ length: steps }, () =>
    tf.tidy(() => {
      const loss = optimizer.minimize(
        () => tf.losses.softmaxCrossEntropy(target, model.forward(batch, { dropout: null })),
        true,
        [...model.variables.values()],
      );
      return loss?.dataSync()[0] ?? Number.NaN;
    }),
  );
  tf.dispose([target, batch.tokens, batch.lengths, batch.mask].filter((item) => item !== null));
  optimizer.dispose();
  model.dispose();
  return found;
}

const both = (cell: AcceleratedCell, one: Case): number =>
  error(
    gradients(cell, one),
    withComposedOnly(() => gradients(cell, one)),
  );

/** A number through float16 and back. */
const throughFloat16 = (value: number): number =>
  tf.tidy(() => toFloat32(toPrecision(tf.scalar(value), 'float16'), 'float16').dataSync()[0] ?? Number.NaN);

/** Each rounding to 11 bits takes up to 2⁻¹¹: some twenty of them, over the steps that count, for the largest entry of a tensor. */
const limit = 20 * 2 ** -11;

describe.skipIf(skipped)('cuDNN in float16, over reference kernels', () => {
  beforeAll(startWithReference, 300_000);
  beforeEach(() => setCudnn('float16'));
  afterEach(() => {
    scaling.on = true;
  });

  it('has the range of float16 between the casts', () => {
    expect([1, 1 + 2 ** -10, 1 + 2 ** -12, 65504, 70000, 2 ** -24, 2 ** -26].map(throughFloat16)).toEqual([
      1,
      1 + 2 ** -10,
      1,
      65504,
      Number.POSITIVE_INFINITY,
      2 ** -24,
      0,
    ]);
  });

  const ragged = [6, 1, 4, 2, 5];
  const shapes = [
    { steps: 6, rows: 5 },
    { steps: 6, rows: 5, lengths: ragged, way: 'backwards' },
    { steps: 6, rows: 5, lengths: ragged, way: 'both' },
    { steps: 6, rows: 5, lengths: ragged, way: 'both', want: { sequence: false, final: true } },
    { steps: 6, rows: 5, lengths: ragged, want: { sequence: true, final: false } },
  ] as const;

  describe.each(cells.map((cell) => [cell.kind, cell] as const))('%s', (_kind, cell) => {
    // Far below float16's smallest number, far above its largest, and near float32's own ends.
    it.each([1e-30, 1e-10, 1e-7, 1, 1e5, 1e10, 1e30])('gives gradients of any size as float32 does: %s', (upstream) => {
      for (const shape of shapes) expect(both(cell, { ...shape, upstream })).toBeLessThan(limit);
    });

    it('keeps sums over many rows and steps in range, of large inputs too', () => {
      // A weight's gradient adds up 6400 terms: over a hundred thousand, where each that comes in is about a thousand.
      expect(both(cell, { steps: 100, rows: 64, upstream: 3000 })).toBeLessThan(limit);
      // The input's own gradient is a thousandth of a thousandth of the others': beside them it has fewer bits.
      for (const rows of [1, 64]) {
        const large = { steps: 2, rows, upstream: 1, input: 3000 };
        const [[, ...found], [, ...expected]] = [gradients(cell, large), withComposedOnly(() => gradients(cell, large))];
        expect(error(found, expected)).toBeLessThan(limit);
      }
    });

    it('would lose small and large gradients without the scale', () => {
      const of = (upstream: number): number => both(cell, { steps: 6, rows: 5, upstream });
      expect(of(1e-7)).toBeLessThan(limit);
      scaling.on = false;
      expect(of(1)).toBeLessThan(limit);
      expect(of(1e-7)).toBeGreaterThan(0.2);
      // Nothing is left of them, and infinity of these.
      expect(of(1e-9)).toBe(1);
      expect(of(1e6)).toBe(Number.POSITIVE_INFINITY);
      expect(both(cell, { steps: 100, rows: 64, upstream: 3000 })).toBe(Number.POSITIVE_INFINITY);
    });

    it('shows a gradient that is not finite', () => {
      for (const upstream of [Number.NaN, Number.POSITIVE_INFINITY]) {
        const [, ...weights] = gradients(cell, { steps: 6, rows: 5, lengths: ragged, upstream });
        for (const values of weights) expect(values.every(Number.isFinite)).toBe(false);
      }
    });

    it('gives zeros for zeros', () => {
      for (const values of gradients(cell, { steps: 6, rows: 5, upstream: 0 }))
        expect(values.every((value) => value === 0)).toBe(true);
    });
  });

  it('keeps what an open forget gate carries through many steps in range', () => {
    const long = { steps: 400, rows: 1, upstream: 1, open: 9, want: { sequence: false, final: true } };
    const [[, ...found], [, ...expected]] = [gradients(lstm, long), withComposedOnly(() => gradients(lstm, long))];
    // c itself is kept with 11 bits for 400 steps.
    expect(error(found.slice(0, 4), expected.slice(0, 4))).toBeLessThan(5 * limit);
  });

  it('trains a network as float32 does', () => {
    const [exact = [], rounded = []] = (['float32', 'float16'] as const).map((precision) => {
      setCudnn(precision);
      return losses(80);
    });
    const last = (all: readonly number[]): number => all.at(-1) ?? Number.NaN;
    expect(last(exact)).toBeLessThan((exact[0] ?? Number.NaN) / 20);
    rounded.forEach((loss, step) => {
      expect(Math.abs(loss - (exact[step] ?? Number.NaN))).toBeLessThan(2 ** -11);
    });
    expect(last(rounded)).not.toBe(last(exact));
  });

  it('shows what grows out of its range, which float32 still holds', () => {
    const cell = acceleratedCell('rnn-cell', { hidden, activation: 'relu' });
    const growing = { steps: 30, rows: 5, upstream: 1, weights: 6 };
    const expected = withComposedOnly(() => gradients(cell, growing));
    expect(expected.every((values) => values.every(Number.isFinite))).toBe(true);
    expect(expected.some((values) => values.some((value) => Math.abs(value) > 65504))).toBe(true);
    for (const values of gradients(cell, growing).slice(1, -1)) expect(values.every(Number.isFinite)).toBe(false);
  });
});
