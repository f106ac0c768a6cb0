import * as tf from '@tensorflow/tfjs-core';
import type { RegisterProgram } from '../../cells/program/register-program.ts';
import { runShader, type Shader, unwritten } from './device.tf.ts';
import { inFours } from './fours.ts';
import { blocksOf } from './program/memory.ts';
import type { WeightUses } from './program/weights.ts';

/** Numbers that lie together in one of several tensors. */
export interface View {
  readonly tensor: number;
  /** The first of them. */
  readonly first: number;
}

/** What a program multiplies by and adds, in the order of its tables: where it lies in what was learned. */
export interface Learned {
  readonly tensors: readonly tf.Tensor[];
  readonly matrices: readonly View[];
  /** The sum of the views. */
  readonly vectors: readonly (readonly [View] | readonly [View, View])[];
}

const words = 7;
const packing: Shader = {
  name: 'pack',
  inputs: { source: 'f32', table: 'i32' },
  uniforms: ['parts', 'total'],
  code: `fn main(index: i32) {
    if (index >= uniforms.total) { return; }
    var part = 0;
    while (part + 1 < uniforms.parts && index >= table[${words} * (part + 1)]) { part++; }
    let at = ${words} * part;
    let row = (index - table[at]) / table[at + 1];
    let block = (index - table[at]) % table[at + 1];
    let turned = table[at + 6] == 1;
    var four = vec4<f32>(0.0);
    for (var i = 0; i < 4; i++) {
      let r = select(row, 4 * block + i, turned);
      let c = select(4 * block + i, row, turned);
      if (r < table[at + 2] && c < table[at + 3]) {
        let number = r * table[at + 3] + c;
        four[i] = source[table[at + 4] + number];
        if (table[at + 5] >= 0) { four[i] += source[table[at + 5] + number]; }
      }
    }
    result[index] = four;
  }`,
};

/** Vectors, then matrices as the shaders multiply by them, filled up to fours, all in one tensor: with one shader, whatever the cell. */
export function packed({ matrices, vectors }: RegisterProgram, { placed, size }: WeightUses, learned: Learned): tf.Tensor1D {
  const { tensors } = learned;
  const firsts: number[] = [];
  let length = 0;
  for (const tensor of tensors) {
    firsts.push(length);
    length += tensor.size;
  }
  const at = (view: View | undefined): number => (view === undefined ? -1 : (firsts[view.tensor] ?? 0) + view.first);
  const table: number[] = [];
  let start = 0;
  const add = (
    rows: number,
    columns: number,
    [first, second]: readonly (View | undefined)[],
    turned: boolean,
    factor: boolean,
  ): void => {
    const blocks = blocksOf(turned ? rows : columns);
    table.push(start, blocks, rows, columns, at(first), at(second), Number(turned));
    start += blocks * (factor ? inFours(turned ? columns : rows) : 1);
  };
  for (const [index, { width }] of vectors.entries()) add(1, Math.max(1, width), learned.vectors[index] ?? [], false, false);
  for (const { matrix, turned } of placed) {
    const { rows = 0, columns = 0 } = matrices[matrix] ?? {};
    add(rows, columns, [learned.matrices[matrix]], !turned, true);
  }
  if (start !== size) throw new Error('the weights lie elsewhere than the shaders read them');
  const result = unwritten<tf.Rank.R1>([4 * Math.max(1, size)]);
  const [only] = tensors;
  if (only === undefined || size === 0) return result;
  const source = tensors.length === 1 ? only.flatten() : tf.concat1d(tensors.map((tensor) => tensor.flatten()));
  const parts = table.length / words;
  runShader(packing, { source, table: tf.tensor1d(table, 'int32') }, { parts, total: size }, size, result);
  return result;
}
