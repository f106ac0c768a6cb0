import type { Tensor } from '@tensorflow/tfjs-core';
import type { Numbers } from '../protocol/inspect.ts';

/** Numbers outside the backend. */
export interface Array32 {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Out of the backend. Those that the engine itself runs on answer at once. */
export const readArray = (tensor: Tensor): Array32 => ({
  shape: tensor.shape,
  data: Float32Array.from(tensor.dataSync<'float32'>()),
});

/** As the protocol sends them. */
export const sent = ({ shape, data }: Array32): Numbers => ({
  shape: [...shape],
  data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
});

/** Number by number, of two of one size; `null` is zero. */
export const sumOfArrays = (a: Array32 | null, b: Array32): Array32 =>
  a === null ? b : { shape: b.shape, data: b.data.map((one, at) => one + (a.data[at] ?? 0)) };

/** Root of the sum of squares of each row of `[T, F]`. */
export function rowNorms({ shape, data }: Array32): number[] {
  const [steps = 0, width = 0] = shape;
  return Array.from({ length: steps }, (_, t) => {
    let sum = 0;
    for (let at = t * width; at < (t + 1) * width; at++) sum += (data[at] ?? 0) ** 2;
    return Math.sqrt(sum);
  });
}

/** Means of neighbours: `[T, F]` with at most so many rows and columns. */
export function shrunk({ shape, data }: Array32, mostRows: number, mostColumns: number): Array32 {
  const [rows = 0, columns = 0] = shape;
  const [height, width] = [Math.min(rows, mostRows), Math.min(columns, mostColumns)];
  const out = new Float32Array(height * width);
  const start = (at: number, of: number, into: number): number => Math.floor((at * of) / into);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [top, bottom] = [start(y, rows, height), start(y + 1, rows, height)];
      const [left, right] = [start(x, columns, width), start(x + 1, columns, width)];
      let sum = 0;
      for (let r = top; r < bottom; r++) for (let c = left; c < right; c++) sum += data[r * columns + c] ?? 0;
      out[y * width + x] = sum / ((bottom - top) * (right - left));
    }
  return { shape: [height, width], data: out };
}
