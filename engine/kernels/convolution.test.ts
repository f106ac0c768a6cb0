import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { activateBackend } from '../backends/choose.tf.ts';
import { Random } from '../random.ts';
import { convolve, largestOfSquares } from './convolution.tf.ts';

const random = new Random(3, 'pictures');
const numbers = (size: number): number[] => Array.from({ length: size }, () => random.normal());
const pictures = numbers(2 * 5 * 6 * 3);
const filters = numbers(4 * 3 * 3 * 3);
const bias = numbers(4);

describe.each(['javascript', 'wasm'] as const)('pictures on %s', (backend) => {
  it('are convolved as written out place by place, gradients too', async () => {
    await activateBackend(backend);
    tf.tidy(() => {
      const x = tf.tensor4d(pictures, [2, 5, 6, 3]);
      const weight = tf.tensor4d(filters, [4, 3, 3, 3]);
      const ours = tf.grads((a, w, b) =>
        convolve(a as tf.Tensor4D, w as tf.Tensor4D, b as tf.Tensor1D)
          .square()
          .sum(),
      );
      const found = [convolve(x, weight, tf.tensor1d(bias)), ...ours([x, weight, tf.tensor1d(bias)])].map((t) => [
        ...t.dataSync(),
      ]);
      expect(found.map((values) => values.length)).toEqual([2 * 5 * 6 * 4, pictures.length, filters.length, bias.length]);
      expectClose(found, expected);
    });
  });

  it('are pooled to the largest of each square; the first of equals gets the gradient', async () => {
    await activateBackend(backend);
    tf.tidy(() => {
      const x = tf.tensor4d([1, 2, 9, 4, 4, 3, 3, 3, 9, 5, 6, 9], [1, 3, 4, 1]);
      expect([...largestOfSquares(x, 2).dataSync()]).toEqual([4, 9]);
      const gradient = tf.grad((a: tf.Tensor) => largestOfSquares(a as tf.Tensor4D, 2).sum());
      expect([...gradient(tf.tensor4d([7, 7, 1, 2, 7, 7, 3, 4], [1, 2, 4, 1])).dataSync()]).toEqual([1, 0, 0, 0, 0, 0, 0, 1]);
    });
  });
});

/** Convolution written out place by place, in double precision, with its gradients for the sum of squares. */
const expected = ((): number[][] => {
  const at = (n: number, y: number, x: number, c: number): number => ((n * 5 + y) * 6 + x) * 3 + c;
  const inside = (y: number, x: number): boolean => y >= 0 && y < 5 && x >= 0 && x < 6;
  const value: number[] = [];
  const dx = new Array<number>(pictures.length).fill(0);
  const dw = new Array<number>(filters.length).fill(0);
  const db = new Array<number>(bias.length).fill(0);
  for (let n = 0; n < 2; n++) {
    for (let y = 0; y < 5; y++) {
      for (let x = 0; x < 6; x++) {
        for (let f = 0; f < 4; f++) {
          const terms: [number, number][] = [];
          for (let c = 0; c < 3; c++) {
            for (let ky = 0; ky < 3; ky++) {
              for (let kx = 0; kx < 3; kx++) {
                if (inside(y + ky - 1, x + kx - 1))
                  terms.push([at(n, y + ky - 1, x + kx - 1, c), ((f * 3 + c) * 3 + ky) * 3 + kx]);
              }
            }
          }
          const sum = terms.reduce((total, [a, w]) => total + (pictures[a] ?? 0) * (filters[w] ?? 0), bias[f] ?? 0);
          value.push(sum);
          db[f] = (db[f] ?? 0) + 2 * sum;
          for (const [a, w] of terms) {
            dx[a] = (dx[a] ?? 0) + 2 * sum * (filters[w] ?? 0);
            dw[w] = (dw[w] ?? 0) + 2 * sum * (pictures[a] ?? 0);
          }
        }
      }
    }
  }
  return [value, dx, dw, db];
})();

function expectClose(found: readonly (readonly number[])[], wanted: readonly (readonly number[])[]): void {
  found.forEach((values, i) => {
    const worst = values.reduce((most, value, k) => {
      const target = wanted[i]?.[k] ?? Number.NaN;
      return Math.max(most, Math.abs(value - target) / Math.max(1, Math.abs(target)));
    }, 0);
    expect(worst).toBeLessThan(1e-4);
  });
}
