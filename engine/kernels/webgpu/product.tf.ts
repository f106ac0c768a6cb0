import type * as tf from '@tensorflow/tfjs-core';
import { onProcessor, runShader, type Shader, unwritten } from './device.tf.ts';
import { rowsTimesMatrix, sum, transposedTimesMatrix } from './tile.ts';

/** Columns of a matrix that lies in a tensor: all widths and offsets in numbers, multiples of four. */
export interface Window {
  readonly tensor: tf.TensorInfo;
  /** Of the first row's first column in the tensor. */
  readonly offset: number;
  readonly rows: number;
  readonly columns: number;
  /** From one row to the next. */
  readonly stride: number;
}

/** All of a matrix. */
export const whole = (tensor: tf.Tensor2D): Window => {
  const [rows, columns] = tensor.shape;
  return { tensor, offset: 0, rows, columns, stride: columns };
};

/** Tile of one thread: rows, and blocks of four columns. On a graphics processor more threads are worth more than less loading. */
const tile = (columns: number): { readonly rows: number; readonly blocks: number } =>
  onProcessor() ? { rows: 8, blocks: columns % 8 === 0 ? 2 : 1 } : { rows: 4, blocks: 1 };

const range = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i);

const stores = (rows: number, blocks: number): string =>
  range(rows)
    .map((row) => {
      const line = range(blocks).map(
        (block) => `result[(row + ${row}) * uniforms.blocks + block + ${block}] = ${sum(row, block)};`,
      );
      return `if (row + ${row} < uniforms.rows) { ${line.join(' ')} }`;
    })
    .join('\n');

const place = (rows: number, blocks: number): string => `
  let across = uniforms.blocks / ${blocks};
  let row = (index / across) * ${rows};
  let block = (index % across) * ${blocks};
  if (row >= uniforms.rows) { return; }`;

function rowsShader(rows: number, blocks: number, bias: boolean): Shader {
  const left = { buffer: 'left', rows: range(rows).map((row) => `start${row}`) };
  const right = { buffer: 'right', stride: 'uniforms.blocks', blocks: range(blocks).map((block) => `block + ${block}`) };
  const start = (row: number): string =>
    `let start${row} = uniforms.offset + min(row + ${row}, uniforms.rows - 1) * uniforms.stride;`;
  const added = range(blocks).flatMap((block) => range(rows).map((row) => `${sum(row, block)} += bias[block + ${block}];`));
  return {
    name: `rows times matrix ${rows} ${blocks} ${bias}`,
    inputs: { left: 'vec4', right: 'vec4', ...(bias ? { bias: 'vec4' as const } : {}) },
    uniforms: ['offset', 'stride', 'rows', 'blocks', 'depth'],
    code: `fn main(index: i32) {
      ${place(rows, blocks)}
      ${range(rows).map(start).join('\n')}
      ${rowsTimesMatrix(left, right, 'uniforms.depth')}
      ${bias ? added.join('\n') : ''}
      ${stores(rows, blocks)}
    }`,
  };
}

/** `left right + bias`: `[N, K]`, `[K, M]`, `[M]` → `[N, M]`; K and M multiples of four. */
export function rowsProduct(left: Window, right: tf.Tensor2D, bias: tf.Tensor1D | null): tf.Tensor2D {
  const columns = right.shape[1];
  const { rows, blocks } = tile(columns);
  const result = unwritten<tf.Rank.R2>([left.rows, columns]);
  runShader(
    rowsShader(rows, blocks, bias !== null),
    { left: left.tensor, right, ...(bias === null ? {} : { bias }) },
    { offset: left.offset / 4, stride: left.stride / 4, rows: left.rows, blocks: columns / 4, depth: left.columns / 4 },
    (Math.ceil(left.rows / rows) * columns) / (4 * blocks),
    result,
  );
  return result;
}

function transposedShader(fours: number, blocks: number): Shader {
  const left = {
    buffer: 'left',
    line: 'uniforms.offset + k * uniforms.stride + row / 4',
    fours: range(fours).map((four) => `min(${four}, (uniforms.rows - row) / 4 - 1)`),
  };
  const right = {
    buffer: 'right',
    line: 'uniforms.offsetRight + k * uniforms.strideRight + block',
    blocks: range(blocks).map(String),
  };
  return {
    name: `transposed times matrix ${fours} ${blocks}`,
    inputs: { left: 'vec4', right: 'vec4' },
    uniforms: ['offset', 'stride', 'offsetRight', 'strideRight', 'rows', 'blocks', 'depth'],
    code: `fn main(index: i32) {
      ${place(4 * fours, blocks)}
      ${transposedTimesMatrix(left, right, 'uniforms.depth')}
      ${stores(4 * fours, blocks)}
    }`,
  };
}

/** `leftᵀ right`: `[K, N]`, `[K, M]` → `[N, M]`; N and M multiples of four. The sum over K is made in one order, always. */
export function transposedProduct(left: Window, right: Window): tf.Tensor2D {
  const { rows, blocks } = tile(right.columns);
  const result = unwritten<tf.Rank.R2>([left.columns, right.columns]);
  runShader(
    transposedShader(rows / 4, blocks),
    { left: left.tensor, right: right.tensor },
    {
      offset: left.offset / 4,
      stride: left.stride / 4,
      offsetRight: right.offset / 4,
      strideRight: right.stride / 4,
      rows: left.columns,
      blocks: right.columns / 4,
      depth: left.rows,
    },
    (Math.ceil(left.columns / rows) * right.columns) / (4 * blocks),
    result,
  );
  return result;
}

const rowSums: Shader = {
  name: 'sums of rows',
  inputs: { left: 'vec4' },
  uniforms: ['offset', 'stride', 'rows', 'blocks', 'chunk', 'chunks'],
  code: `fn main(index: i32) {
    let block = index % uniforms.blocks;
    let chunk = index / uniforms.blocks;
    if (chunk >= uniforms.chunks) { return; }
    var total = vec4<f32>(0.0);
    let end = min((chunk + 1) * uniforms.chunk, uniforms.rows);
    for (var row = chunk * uniforms.chunk; row < end; row++) {
      total += left[uniforms.offset + row * uniforms.stride + block];
    }
    result[index] = total;
  }`,
};

function chunkSums(left: Window, chunk: number): tf.Tensor2D {
  const chunks = Math.ceil(left.rows / chunk);
  const result = unwritten<tf.Rank.R2>([chunks, left.columns]);
  const { rows } = left;
  const blocks = left.columns / 4;
  const uniforms = { offset: left.offset / 4, stride: left.stride / 4, rows, blocks, chunk, chunks };
  runShader(rowSums, { left: left.tensor }, uniforms, chunks * blocks, result);
  return result;
}

/** Sum of the rows `[N, M]` → `[M]`, in two stages so that long columns have many threads. */
export function sumsOfRows(left: Window): tf.Tensor1D {
  const chunk = Math.ceil(Math.sqrt(left.rows));
  const partial = chunkSums(left, chunk);
  const total = chunkSums(whole(partial), partial.shape[0]);
  return total.reshape([left.columns]);
}
