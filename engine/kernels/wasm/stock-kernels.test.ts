import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { startWasm } from '../../backends/wasm.tf.ts';
import { Random } from '../../random.ts';

beforeAll(async () => {
  await startWasm();
});

const source = new Random(5, 'products');
const normal = (shape: number[]): tf.Tensor =>
  tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, () => source.normal()),
    shape,
  );

/** In double precision, one number after the other. */
function plainProduct(a: tf.Tensor, b: tf.Tensor, turnA: boolean, turnB: boolean): number[] {
  const [x, y] = [a.dataSync(), b.dataSync()];
  const [rows = 0, columns = 0] = a.shape.slice(-2);
  const [m, k] = turnA ? [columns, rows] : [rows, columns];
  const n = b.shape.at(turnB ? -2 : -1) ?? 0;
  const result: number[] = [];
  for (let pair = 0; pair < a.size / (m * k); pair++) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let d = 0; d < k; d++) {
          const left = x[pair * m * k + (turnA ? d * m + i : i * k + d)] ?? Number.NaN;
          sum += left * (y[pair * k * n + (turnB ? j * k + d : d * n + j)] ?? Number.NaN);
        }
        result.push(sum);
      }
    }
  }
  return result;
}

const turns = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;
// Odd sizes, more rows than one thread takes at once (64), more columns than are summed at once (512), and enough work for all threads.
const shapes = [
  { outer: [], m: 1, k: 1, n: 1 },
  { outer: [], m: 67, k: 5, n: 19 },
  { outer: [], m: 200, k: 1030, n: 45 },
  { outer: [3], m: 7, k: 9, n: 21 },
  { outer: [2, 3], m: 70, k: 66, n: 4 },
] as const;

describe.each(turns)('a product, first operand turned: %s, second: %s', (turnA, turnB) => {
  it.each(shapes)('$outer × $m × $k × $n', ({ outer, m, k, n }) => {
    const a = normal([...outer, ...(turnA ? [k, m] : [m, k])]);
    const b = normal([...outer, ...(turnB ? [n, k] : [k, n])]);
    const product = tf.matMul(a, b, turnA, turnB);
    expect(product.shape).toEqual([...outer, m, n]);
    const expected = plainProduct(a, b, turnA, turnB);
    const apart = product
      .dataSync<'float32'>()
      .reduce((most, value, i) => Math.max(most, Math.abs(value - (expected[i] ?? Number.NaN))), 0);
    expect(apart).toBeLessThan(2e-6 * k + 1e-6);
  });
});

describe('what is left to the stock kernels', () => {
  it('a matrix times each of many', () => {
    const [a, b] = [normal([1, 2, 3]), normal([4, 3, 2])];
    const each = Array.from({ length: 4 }, (_, i) => tf.matMul(tf.reshape(a, [2, 3]), tf.reshape(tf.slice(b, i, 1), [3, 2])));
    expect(tf.matMul(a, b).arraySync()).toEqual(each.map((product) => product.arraySync()));
  });

  it('rows that are not the first axis', () => {
    expect(
      tf
        .gather(
          tf.tensor2d([
            [1, 2, 3],
            [4, 5, 6],
          ]),
          tf.tensor1d([2, 0], 'int32'),
          1,
        )
        .arraySync(),
    ).toEqual([
      [3, 1],
      [6, 4],
    ]);
  });
});

describe('rows of a table', () => {
  it('come in the shape of their numbers', () => {
    const table = tf.tensor3d([[[1, 2]], [[3, 4]], [[5, 6]]]);
    expect(
      tf
        .gather(
          table,
          tf.tensor2d(
            [
              [2, 2],
              [0, 1],
            ],
            [2, 2],
            'int32',
          ),
        )
        .arraySync(),
    ).toEqual([
      [[[5, 6]], [[5, 6]]],
      [[[1, 2]], [[3, 4]]],
    ]);
  });

  it.each([-1, 3])('number %s is refused', (row) => {
    expect(() => tf.gather(tf.ones([3, 2]), tf.tensor1d([row], 'int32'))).toThrow(
      `there is no row ${row} among the 3 of a table`,
    );
  });
});

describe('a slice', () => {
  const shapes = [[7], [5, 6], [4, 3, 5], [2, 3, 4, 5], [2, 3, 2, 3, 2]];
  it.each(shapes.map((shape) => [shape] as const))('of %j is what lies there, wherever it is cut', (shape) => {
    const tensor = normal(shape);
    const numbers = tensor.dataSync();
    const strides = shape.map((_, axis) => tf.util.sizeFromShape(shape.slice(axis + 1)));
    for (let round = 0; round < 40; round++) {
      const begin = shape.map((width) => source.below(width));
      const size = shape.map((width, axis) => (source.below(3) === 0 ? -1 : source.below(width - (begin[axis] ?? 0) + 1)));
      const first = begin.map((from, axis) => (source.below(3) === 0 && size[axis] === -1 ? 0 : from));
      const found = tf.slice(tensor, first, size);
      const wide = size.map((count, axis) => (count === -1 ? (shape[axis] ?? 0) - (first[axis] ?? 0) : count));
      expect(found.shape).toEqual(wide);
      let places = [0];
      for (const [axis, count] of wide.entries())
        places = places.flatMap((at) =>
          Array.from({ length: count }, (_, i) => at + ((first[axis] ?? 0) + i) * (strides[axis] ?? 1)),
        );
      expect([...found.dataSync()]).toEqual(places.map((at) => numbers[at]));
    }
  });

  it('copies no more than it takes, of a split and of steps, too', () => {
    const backend = tf.backend() as unknown as { readSync(dataId: object): unknown };
    const tensor = normal([6, 2, 5]);
    const read = vi.spyOn(backend, 'readSync');
    const cuts = [
      tf.unstack(tensor),
      tf.unstack(tensor, -1),
      tf.split(tensor, 3),
      tf.split(tensor, [1, 4], -1),
      [tf.slice(tensor, [1, 0, 2], [3, 2, 2])],
    ];
    expect(read).not.toHaveBeenCalled();
    read.mockRestore();
    const all = tensor.arraySync() as number[][][];
    expect(cuts.map((parts) => parts.map((part) => part.arraySync()))).toEqual([
      all,
      Array.from({ length: 5 }, (_, k) => all.map((rows) => rows.map((row) => row[k]))),
      [all.slice(0, 2), all.slice(2, 4), all.slice(4)],
      [0, 1].map((from) => all.map((rows) => rows.map((row) => (from === 0 ? row.slice(0, 1) : row.slice(1))))),
      [all.slice(1, 4).map((rows) => rows.map((row) => row.slice(2, 4)))],
    ]);
  });
});

describe('an identity', () => {
  it('outlives what it is of, and shares its memory', () => {
    const tensor = normal([100]);
    const same = tf.clone(tensor);
    const values = tensor.dataSync();
    expect(same.dataId).toBe(tensor.dataId);
    tensor.dispose();
    expect(same.dataSync()).toEqual(values);
  });
});
