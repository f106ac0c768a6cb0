import * as tf from '@tensorflow/tfjs-core';
import type { Place } from '../../cells/program/format.ts';
import type { ProgramProblem } from '../program-op.tf.ts';
import { unwritten } from './device.tf.ts';
import { inFours } from './fours.ts';
import { asMatrix, cut, lay, type Source, taken } from './lay.tf.ts';
import { rowsProduct, sumsOfRows, transposedProduct, type Window, whole } from './product.tf.ts';
import { carryOffset, stateOffset } from './program/addresses.ts';
import { blocksOf, type Memory } from './program/memory.ts';
import type { BackwardShaders } from './program/plan.ts';

interface Buffers {
  readonly gradients: tf.Tensor;
  readonly history: tf.Tensor;
  /** `[T·B, I']` */
  readonly x: tf.Tensor2D;
}

/** Lefts that lie side by side. */
interface Span {
  /** Of its first block. */
  readonly column: number;
  readonly blocks: number;
  readonly members: readonly { readonly index: number; readonly column: number }[];
}

/** Rows of a product: the gradient of a matrix. */
interface Product {
  readonly of: tf.Tensor2D;
  readonly row: number;
  readonly rows: number;
  readonly columns: number;
}

/** Gradients of one direction out of what the steps back left: products and sums over all steps and rows at once. */
export class Gradients {
  readonly #problem: ProgramProblem;
  readonly #shaders: BackwardShaders;
  readonly #buffers: Buffers;
  #products: ReadonlyMap<number, Product> | null = null;
  #sums: tf.Tensor1D | null = null;

  constructor(problem: ProgramProblem, shaders: BackwardShaders, buffers: Buffers) {
    this.#problem = problem;
    this.#shaders = shaders;
    this.#buffers = buffers;
  }

  dispose(): void {
    this.#buffers.gradients.dispose();
  }

  /** Of each part of the initial state. */
  initial(): tf.Tensor2D[] {
    const { steps, rows, program } = this.#problem;
    const carry = carryOffset(this.#shaders.layout, steps, rows);
    return program.states.map((width, part) =>
      taken(this.#buffers.gradients, rows, width, carry.first + carry.column(part), carry.stride),
    );
  }

  #columnOf(memory: Memory | undefined): number {
    if (memory?.kind !== 'record' || memory.buffer !== 'gradients') throw new Error('a gradient is kept for no step');
    return memory.column;
  }

  /** Blocks of the gradients' records. */
  #window(column: number, blocks: number): Window {
    const { steps, rows } = this.#problem;
    const stride = 4 * this.#shaders.layout.sizes.gradients.records;
    return { tensor: this.#buffers.gradients, offset: 4 * column, rows: steps * rows, columns: 4 * blocks, stride };
  }

  /** What a matrix multiplied, at all steps. */
  #right(place: Place): Window {
    const { states, inputs, backward } = this.#problem.program;
    if (place.kind === 'input') return this.#rightAt({ kind: 'input' }, inputs);
    if (place.kind === 'state') return this.#rightAt({ kind: 'before', part: place.index }, states[place.index] ?? 0);
    const memory = this.#shaders.rights[place.index];
    if (memory === undefined) throw new Error('a factor lies nowhere');
    return this.#rightAt(memory, backward.rights[place.index] ?? 0);
  }

  #rightAt(memory: Memory, width: number): Window {
    const { steps, rows, reverse } = this.#problem;
    const { layout } = this.#shaders;
    const { history, gradients, x } = this.#buffers;
    const columns = 4 * blocksOf(width);
    const all = steps * rows;
    switch (memory.kind) {
      case 'input':
        return whole(x);
      case 'before':
      case 'after': {
        const slot = (memory.kind === 'before') === reverse ? 1 : 0;
        const offset = stateOffset(layout, memory.part, steps, rows) + slot * rows * columns;
        return { tensor: history, offset, rows: all, columns, stride: columns };
      }
      case 'record': {
        const inHistory = memory.buffer === 'history';
        const first = inHistory ? stateOffset(layout, layout.states.length, steps, rows) : 0;
        const stride = 4 * layout.sizes[memory.buffer].records;
        return { tensor: inHistory ? history : gradients, offset: first + 4 * memory.column, rows: all, columns, stride };
      }
      default:
        throw new Error(`a factor is ${memory.kind}`);
    }
  }

  /** The lefts of these indices, those that lie side by side together. */
  #spans(lefts: readonly number[]): readonly Span[] {
    const widths = this.#problem.program.backward.lefts;
    const placed = [...new Set(lefts)]
      .map((index) => ({ index, column: this.#columnOf(this.#shaders.lefts[index]), blocks: blocksOf(widths[index] ?? 0) }))
      .sort((a, b) => a.column - b.column);
    const spans: Span[] = [];
    for (const { index, column, blocks } of placed) {
      const before = spans.at(-1);
      if (before !== undefined && before.column + before.blocks === column)
        spans.splice(-1, 1, { ...before, blocks: before.blocks + blocks, members: [...before.members, { index, column }] });
      else spans.push({ column, blocks, members: [{ index, column }] });
    }
    return spans;
  }

  /** `[R, C]` each, in the order of the program's. */
  outers(): tf.Tensor2D[] {
    return this.#problem.program.backward.outers.map((_, index) => this.stackedOuters([index]));
  }

  /** Of matrices that all multiplied values of one width, below each other. */
  stackedOuters(indices: readonly number[]): tf.Tensor2D {
    const products = this.#all();
    const parts = indices.map((index) => products.get(index) as Product);
    const [first] = parts;
    const rows = parts.map(({ rows: own }) => own);
    const height = rows.reduce((sum, own) => sum + own, 0);
    const joined = parts.every(
      ({ of, row }, i) => of === first?.of && row === first.row + rows.slice(0, i).reduce((sum, own) => sum + own, 0),
    );
    if (first !== undefined && joined) {
      const { of, row, columns } = first;
      return of.shape[0] === height && of.shape[1] === columns ? of : of.slice([row, 0], [height, columns]);
    }
    return tf.concat2d(
      parts.map(({ of, row, rows: own, columns }) => of.slice([row, 0], [own, columns])),
      0,
    );
  }

  /** Products of everything with everything that it has to be multiplied by: those of the same right side by side as one. */
  #all(): ReadonlyMap<number, Product> {
    if (this.#products !== null) return this.#products;
    const { outers, lefts } = this.#problem.program.backward;
    const found = new Map<number, Product>();
    const key = ({ kind, index }: Place): string => `${kind} ${index}`;
    for (const right of new Map(outers.map((outer) => [key(outer.right), outer.right])).values()) {
      const own = [...outers.entries()].filter(([, outer]) => key(outer.right) === key(right));
      for (const { column, blocks, members } of this.#spans(own.map(([, { left }]) => left))) {
        const of = transposedProduct(this.#window(column, blocks), this.#right(right));
        for (const [index, { left }] of own) {
          const member = members.find((one) => one.index === left);
          if (member === undefined) continue;
          const row = 4 * (member.column - column);
          found.set(index, { of, row, rows: lefts[left] ?? 0, columns: this.#widthOf(right) });
        }
      }
    }
    this.#products = found;
    return found;
  }

  #widthOf({ kind, index }: Place): number {
    const { states, inputs, backward } = this.#problem.program;
    return (kind === 'input' ? inputs : kind === 'state' ? states[index] : backward.rights[index]) ?? 0;
  }

  /** `[F]` each, in the order of the program's. */
  sums(): tf.Tensor1D[] {
    return this.#problem.program.backward.rowSums.map((_, index) => this.stackedSums([index]));
  }

  /** One after the other. */
  stackedSums(indices: readonly number[]): tf.Tensor1D {
    const { rowSums } = this.#problem.program.backward;
    const columns = rowSums.map((_, index) => this.#columnOf(this.#shaders.rowSums[index]));
    const first = Math.min(...columns);
    if (this.#sums === null) {
      const end = Math.max(...columns.map((column, index) => column + blocksOf(rowSums[index] ?? 0)));
      this.#sums = sumsOfRows(this.#window(first, end - first));
    }
    const all = this.#sums;
    const parts = indices.map((index) => ({ at: 4 * ((columns[index] ?? 0) - first), count: Math.max(1, rowSums[index] ?? 0) }));
    const [begin] = parts;
    const count = parts.reduce((sum, part) => sum + part.count, 0);
    const joined = parts.every(
      ({ at }, i) => at === (begin?.at ?? 0) + parts.slice(0, i).reduce((sum, part) => sum + part.count, 0),
    );
    if (joined) return all.slice([begin?.at ?? 0], [count]);
    return tf.concat1d(parts.map((part) => all.slice([part.at], [part.count])));
  }

  /**
   * `[T, B, I]`; `null` where the input has no gradient.
   *
   * @param matrices in the order of the program's
   */
  input(matrices: readonly Source[]): tf.Tensor3D | null {
    const { steps, rows, program } = this.#problem;
    const { inputTerms } = program.backward;
    const { input, layout } = this.#shaders;
    const width = program.inputs;
    if (input !== null) {
      const stride = 4 * layout.sizes.gradients.records;
      return taken(this.#buffers.gradients, steps * rows, width, 4 * this.#columnOf(input), stride).reshape([steps, rows, width]);
    }
    const products = this.#spans(inputTerms.map(({ left }) => left)).map(({ column, blocks, members }) => {
      const factor = unwritten<tf.Rank.R2>([4 * blocks, inFours(width)]);
      const sources = members.map((member) => {
        const own = inputTerms.filter(({ left }) => left === member.index).map(({ matrix }) => matrices[matrix] as Source);
        return { source: sumOf(own), offset: (member.column - column) * inFours(width) };
      });
      for (const { source, offset } of belowEachOther(sources)) lay(source, factor, { offset, factor: true });
      return rowsProduct(this.#window(column, blocks), factor, null);
    });
    if (products.length === 0) return null;
    const sum = products.reduce((all, one) => tf.add<tf.Tensor2D>(all, one));
    return cut(sum, width).reshape([steps, rows, width]);
  }
}

/** What several matrices give that multiplied the same and are added. */
function sumOf(matrices: readonly Source[]): Source {
  const [first, ...others] = matrices;
  if (first === undefined) throw new Error('a gradient comes through no matrix');
  if (others.length === 0) return first;
  const whole = ({ tensor, first: start = 0, rows, columns }: Source): tf.Tensor2D =>
    (tensor as tf.Tensor)
      .flatten()
      .slice(start, rows * columns)
      .reshape([rows, columns]);
  return asMatrix(others.reduce((sum, one) => tf.add<tf.Tensor2D>(sum, whole(one)), whole(first)));
}

interface LaidSource {
  readonly source: Source;
  readonly offset: number;
}

/** Matrices that lie below each other where they come from, too, as one. */
function belowEachOther(sources: readonly LaidSource[]): readonly LaidSource[] {
  const joined: LaidSource[] = [];
  for (const one of sources) {
    const before = joined.at(-1)?.source;
    const { tensor, first = 0, rows, columns } = one.source;
    const follows =
      before !== undefined &&
      before.tensor === tensor &&
      before.rows % 4 === 0 &&
      (before.first ?? 0) + before.rows * before.columns === first;
    if (!follows) joined.push(one);
    else joined.splice(-1, 1, { offset: joined.at(-1)?.offset ?? 0, source: { ...before, rows: before.rows + rows, columns } });
  }
  return joined;
}
