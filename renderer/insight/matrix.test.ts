import { expect, it } from 'vitest';
import { matrixOf, shrunkRow } from './matrix.ts';

it('reads numbers as the engine sends them', () => {
  const values = Float32Array.of(0, -1.5, 3.25, Number.NaN, Number.POSITIVE_INFINITY, 1e-30);
  const bytes = new Uint8Array(24);
  const view = new DataView(bytes.buffer);
  values.forEach((value, at) => {
    view.setFloat32(4 * at, value, true);
  });
  const data = Buffer.from(bytes).toString('base64');
  expect(matrixOf({ shape: [2, 3], data })).toEqual({ rows: 2, columns: 3, data: values });
  expect(() => matrixOf({ shape: [2, 4], data })).toThrow('24 bytes are not 2 × 4 numbers');
});

it('a row in fewer numbers is of means, in more of the same again', () => {
  const matrix = { rows: 2, columns: 5, data: Float32Array.of(9, 9, 9, 9, 9, 1, 3, 5, 7, 9) };
  expect([...shrunkRow(matrix, 1, 2).data]).toEqual([2, 7]);
  expect([...shrunkRow(matrix, 1, 5).data]).toEqual([1, 3, 5, 7, 9]);
  expect([...shrunkRow(matrix, 1, 10).data]).toEqual([1, 1, 3, 3, 5, 5, 7, 7, 9, 9]);
  expect([...shrunkRow(matrix, 7, 2).data]).toEqual([Number.NaN, Number.NaN]);
});
