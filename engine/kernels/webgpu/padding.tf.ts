import * as tf from '@tensorflow/tfjs-core';
import { runShader, type Shader, unwritten } from './device.tf.ts';

/*
 * The shaders compute in fours: widths are filled up with zeros on the way in and cut on the way out. A unit that is filled up has no
 * weights, so nothing reaches the others from it.
 */

export const inFours = (width: number): number => 4 * Math.ceil(width / 4);

/** `[G·H, K]` → `[G·H', K']` */
export function fillGates(matrix: tf.Tensor2D, gates: number): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  const width = rows / gates;
  const [wide, deep] = [inFours(width), inFours(columns)];
  if (wide === width && deep === columns) return matrix;
  const filled = tf.pad(matrix.reshape([gates, width, columns]), [
    [0, 0],
    [0, wide - width],
    [0, deep - columns],
  ]);
  return filled.reshape([gates * wide, deep]);
}

/** `[G·H', K']` → `[G·H, K]` */
export function cutGates(matrix: tf.Tensor2D, gates: number, width: number, columns: number): tf.Tensor2D {
  const [rows, deep] = matrix.shape;
  if (rows === gates * width && deep === columns) return matrix;
  const cut = matrix.reshape([gates, rows / gates, deep]).slice([0, 0, 0], [gates, width, columns]);
  return cut.reshape([gates * width, columns]);
}

/** `[…, F]` → `[N, F']` */
export function fillColumns(value: tf.Tensor): tf.Tensor2D {
  const width = value.shape[value.rank - 1] ?? 1;
  const rows = value.reshape<tf.Tensor2D>([-1, width]);
  const wide = inFours(width);
  if (wide === width) return rows;
  return tf.pad(rows, [
    [0, 0],
    [0, wide - width],
  ]);
}

/** `[N, F']` → `[N, F]` */
export function cutColumns(matrix: tf.Tensor2D, width: number): tf.Tensor2D {
  return matrix.shape[1] === width ? matrix : matrix.slice([0, 0], [-1, width]);
}

/** `[G·H]` → `[G·H']` */
export const fillBias = (bias: tf.Tensor1D, gates: number): tf.Tensor1D => fillColumns(bias.reshape([gates, -1])).flatten();

/** `[G·H']` → `[G·H]` */
export const cutBias = (bias: tf.Tensor1D, gates: number, width: number): tf.Tensor1D =>
  cutColumns(bias.reshape([gates, -1]), width).flatten();

const copying: Shader = {
  name: 'copy into',
  inputs: { source: 'vec4' },
  uniforms: ['offset', 'count'],
  code: `fn main(index: i32) {
    if (index < uniforms.count) { result[uniforms.offset + index] = source[index]; }
  }`,
};

/** Writes a tensor into another, from a number of it on. All multiples of four. */
export function copyInto(target: tf.TensorInfo, offset: number, source: tf.Tensor): void {
  const count = source.size / 4;
  runShader(copying, { source }, { offset: offset / 4, count }, count, target);
}

const transposing: Shader = {
  name: 'transposed',
  inputs: { source: 'vec4' },
  uniforms: ['rows', 'columns'],
  code: `fn main(index: i32) {
    let row = index / uniforms.columns;
    let column = index % uniforms.columns;
    if (row >= uniforms.rows) { return; }
    let at = 4 * row * uniforms.columns + column;
    let block = transpose(mat4x4<f32>(
      source[at], source[at + uniforms.columns], source[at + 2 * uniforms.columns], source[at + 3 * uniforms.columns]));
    let to = 4 * column * uniforms.rows + row;
    result[to] = block[0];
    result[to + uniforms.rows] = block[1];
    result[to + 2 * uniforms.rows] = block[2];
    result[to + 3 * uniforms.rows] = block[3];
  }`,
};

/** `[N, M]` → `[M, N]`; both multiples of four. */
export function transposed(matrix: tf.Tensor2D): tf.Tensor2D {
  const [rows, columns] = matrix.shape;
  const result = unwritten<tf.Rank.R2>([columns, rows]);
  runShader(transposing, { source: matrix }, { rows: rows / 4, columns: columns / 4 }, (rows * columns) / 16, result);
  return result;
}

/** Blocks of rows in another order: the last one first, or (`back`) the first one last again. */
export function turnGates<T extends tf.Tensor>(value: T, gates: number, back: boolean): T {
  const size = value.shape[0] ?? 0;
  const first = back ? size / gates : size - size / gates;
  return tf.concat([value.slice(first), value.slice(0, first)]) as T;
}
