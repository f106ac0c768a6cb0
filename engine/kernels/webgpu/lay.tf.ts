import * as tf from '@tensorflow/tfjs-core';
import { runShader, type Shader, unwritten } from './device.tf.ts';
import { inFours } from './fours.ts';

/*
 * The shaders compute in fours: widths are filled up with zeros on the way in and cut on the way out.
 */

const laying: Shader = {
  name: 'lay',
  inputs: { source: 'f32' },
  uniforms: ['rows', 'columns', 'height', 'blocks', 'offset', 'stride', 'first', 'pitch', 'turned'],
  code: `fn main(index: i32) {
    let row = index / uniforms.blocks;
    let block = index % uniforms.blocks;
    if (row >= uniforms.height) { return; }
    var four = vec4<f32>(0.0);
    for (var i = 0; i < 4; i++) {
      let r = select(row, 4 * block + i, uniforms.turned == 1);
      let c = select(4 * block + i, row, uniforms.turned == 1);
      if (r < uniforms.rows && c < uniforms.columns) { four[i] = source[uniforms.first + r * uniforms.pitch + c]; }
    }
    result[uniforms.offset + row * uniforms.stride + block] = four;
  }`,
};

/** Which part of a tensor a matrix is. */
export interface Source {
  readonly tensor: tf.TensorInfo;
  readonly rows: number;
  readonly columns: number;
  /** Of its first number. Absent: 0. */
  readonly first?: number;
  /** From one row to the next. Absent: its columns. */
  readonly pitch?: number;
}

/** A tensor `[…, F]` as a matrix. */
export const asMatrix = (tensor: tf.Tensor): Source => {
  const columns = tensor.shape[tensor.rank - 1] ?? 1;
  return { tensor, rows: columns === 0 ? 0 : tensor.size / columns, columns };
};

interface Laid {
  /** Of the first row, in blocks of four numbers. */
  readonly offset: number;
  /** From one row to the next, in blocks. Absent: a row's own. */
  readonly stride?: number;
  /** Whether the transpose is written. */
  readonly turned?: boolean;
  /** Whether rows are filled up to fours, too: of what others are multiplied by. */
  readonly factor?: boolean;
}

/** Writes a matrix into another tensor, its columns filled up to fours. */
export function lay(
  { tensor, rows, columns, first = 0, pitch = columns }: Source,
  target: tf.TensorInfo,
  { offset, stride, turned = false, factor = false }: Laid,
): void {
  const lines = turned ? columns : rows;
  const height = factor ? inFours(lines) : lines;
  const blocks = inFours(turned ? rows : columns) / 4;
  const uniforms = { rows, columns, height, blocks, offset, stride: stride ?? blocks, first, pitch, turned: Number(turned) };
  runShader(laying, { source: tensor }, uniforms, height * blocks, target);
}

const clearing: Shader = {
  name: 'clear',
  inputs: {},
  uniforms: ['offset', 'stride', 'blocks', 'count'],
  code: `fn main(index: i32) {
    if (index >= uniforms.count) { return; }
    result[uniforms.offset + (index / uniforms.blocks) * uniforms.stride + index % uniforms.blocks] = vec4<f32>(0.0);
  }`,
};

/** Writes zeros into so many rows of blocks. */
export function clear(target: tf.TensorInfo, rows: number, blocks: number, offset: number, stride = blocks): void {
  runShader(clearing, {}, { offset, stride, blocks, count: rows * blocks }, rows * blocks, target);
}

/** `[…, F]` → `[N, F']`; the tensor itself where there is nothing to fill. */
export function filled(tensor: tf.Tensor): tf.Tensor2D {
  const source = asMatrix(tensor);
  const width = inFours(source.columns);
  if (width === source.columns) return tensor.reshape([source.rows, width]);
  const result = unwritten<tf.Rank.R2>([source.rows, width]);
  lay(source, result, { offset: 0 });
  return result;
}

/** `[N, F']` → `[N, F]`, without what fills up to fours; the tensor itself where nothing does. */
export const cut = (matrix: tf.Tensor2D, width: number): tf.Tensor2D =>
  matrix.shape[1] === width ? matrix : matrix.slice([0, 0], [-1, width]);

/** Rows of numbers that lie in a tensor, `[N, F]`. All in numbers. */
export function taken(tensor: tf.Tensor, rows: number, width: number, offset: number, stride: number): tf.Tensor2D {
  const all = tensor.flatten().slice(offset, rows * stride - (stride - width)) as tf.Tensor1D;
  if (stride === width) return all.reshape([rows, width]);
  const whole = tf.pad(all, [[0, stride - width]]).reshape<tf.Tensor2D>([rows, stride]);
  return whole.slice([0, 0], [rows, width]);
}
