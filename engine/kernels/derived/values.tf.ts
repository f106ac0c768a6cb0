import * as tf from '@tensorflow/tfjs-core';
import type { NodeId, StepGraph } from '../../cells/step/graph.ts';
import type { Instruction, JoinedOuters, JoinedProducts } from '../../cells/step/schedule.ts';
import { product, sumOfRows } from '../product.tf.ts';
import { binary, unary } from './operations.tf.ts';

/** A cell's learned tensors by name: matrices `[R, C]`, vectors `[F]`. Made once for all steps: stacks of matrices, each way round. */
export class Matrices {
  readonly #weights: ReadonlyMap<string, tf.Tensor>;
  readonly #stacks = new Map<string, tf.Tensor2D>();

  constructor(weights: ReadonlyMap<string, tf.Tensor>) {
    this.#weights = weights;
  }

  weight(name: string): tf.Tensor {
    const weight = this.#weights.get(name);
    if (weight === undefined) throw new Error(`the cell has no ${name}`);
    return weight;
  }

  /** A vector or number as one row. */
  row(name: string): tf.Tensor2D {
    return this.weight(name).reshape([1, -1]);
  }

  rows = (name: string): number => this.weight(name).shape[0] ?? 0;

  /** Rows of several matrices below each other `[ΣR, C]`; `turned`: `[C, ΣR]`. */
  stack(names: readonly string[], turned: boolean): tf.Tensor2D {
    const key = `${turned} ${names.join(' ')}`;
    const known = this.#stacks.get(key);
    if (known !== undefined) return known;
    const [first] = names;
    const below =
      names.length === 1 && first !== undefined
        ? (this.weight(first) as tf.Tensor2D)
        : (tf.concat(names.map((name) => this.weight(name) as tf.Tensor2D)) as tf.Tensor2D);
    const stack = turned ? tf.transpose(below) : below;
    this.#stacks.set(key, stack);
    return stack;
  }
}

/** Values of nodes, all for the same rows; what several products gave lies side by side until one of them is asked for. */
export class Values {
  readonly #graph: StepGraph;
  readonly #matrices: Matrices;
  readonly #outer: ((id: NodeId) => tf.Tensor2D) | null;
  readonly #outerJoined: ((ids: readonly NodeId[]) => tf.Tensor2D) | null;
  readonly #known = new Map<NodeId, tf.Tensor2D>();
  readonly #joined = new Map<string, tf.Tensor2D>();
  readonly #split = new Map<NodeId, { readonly ids: readonly NodeId[]; readonly widths: readonly number[] }>();

  /**
   * @param outer finds what these values do not have themselves
   * @param outerJoined the same, of several side by side
   */
  constructor(
    graph: StepGraph,
    matrices: Matrices,
    outer: ((id: NodeId) => tf.Tensor2D) | null,
    outerJoined: ((ids: readonly NodeId[]) => tf.Tensor2D) | null = null,
  ) {
    this.#graph = graph;
    this.#matrices = matrices;
    this.#outer = outer;
    this.#outerJoined = outerJoined;
  }

  set(id: NodeId, value: tf.Tensor2D): void {
    this.#known.set(id, value);
  }

  has = (id: NodeId): boolean => this.#known.has(id) || this.#split.has(id);

  get = (id: NodeId): tf.Tensor2D => {
    const known = this.#known.get(id);
    if (known !== undefined) return known;
    const group = this.#split.get(id);
    if (group !== undefined) {
      const parts = tf.split(this.joined(group.ids), [...group.widths], 1) as tf.Tensor2D[];
      for (const [index, member] of group.ids.entries()) this.#known.set(member, parts[index] as tf.Tensor2D);
      return this.get(id);
    }
    if (this.#outer === null) throw new Error(`node ${id} of the step has no value yet`);
    return this.#outer(id);
  };

  /** Several nodes side by side `[N, ΣF]`. */
  joined = (ids: readonly NodeId[]): tf.Tensor2D => {
    const known = this.#joined.get(ids.join(' '));
    if (known !== undefined) return known;
    const [only] = ids;
    if (ids.length === 1 && only !== undefined) return this.get(only);
    if (this.#outerJoined !== null && !ids.some(this.has)) return this.#outerJoined(ids);
    const parts = ids.map(this.get);
    // What all rows share is repeated beside what each has of its own.
    const rows = Math.max(...parts.map((part) => part.shape[0]));
    const beside = tf.concat2d(
      parts.map((part) => (part.shape[0] === rows ? part : tf.tile(part, [rows, 1]))),
      1,
    );
    this.#joined.set(ids.join(' '), beside);
    return beside;
  };

  /** Frees what was computed here and is not among what is kept. */
  release(kept: ReadonlySet<tf.Tensor>): void {
    for (const value of new Set([...this.#known.values(), ...this.#joined.values()])) if (!kept.has(value)) value.dispose();
  }

  run(instructions: readonly Instruction[]): void {
    for (const instruction of instructions) {
      if (instruction.kind === 'products') this.#products(instruction);
      else if (instruction.kind === 'outers') this.#outers(instruction);
      else this.set(instruction.id, this.#made(instruction.id));
    }
  }

  #products({ of, matrices, results, added }: JoinedProducts): void {
    const operand = this.get(of);
    // Of several rows our kernel for WASM turns what it packs anyway; of one row it would pack more than it multiplies.
    const turned = tf.getBackend() !== 'wasm' || operand.shape[0] < 8;
    const plain = product(operand, this.#matrices.stack(matrices, turned), false, !turned);
    const all = added === null ? plain : tf.add<tf.Tensor2D>(plain, this.joined(added));
    const [only] = results;
    if (results.length === 1 && only !== undefined) {
      this.set(only, all);
      return;
    }
    this.#joined.set(results.join(' '), all);
    const group = { ids: results, widths: matrices.map(this.#matrices.rows) };
    for (const id of results) this.#split.set(id, group);
  }

  #outers({ lefts, right, results }: JoinedOuters): void {
    const all = product(this.joined(lefts), this.get(right), true, false);
    const parts =
      lefts.length === 1
        ? [all]
        : (tf.split(
            all,
            lefts.map((left) => this.get(left).shape[1]),
          ) as tf.Tensor2D[]);
    for (const [index, id] of results.entries()) this.set(id, parts[index] as tf.Tensor2D);
  }

  #made(id: NodeId): tf.Tensor2D {
    const node = this.#graph.node(id);
    switch (node.op) {
      case 'constant':
        return tf.tensor2d([node.value], [1, 1]);
      case 'parameter':
        return this.#matrices.row(node.name);
      case 'backProduct': {
        const matrices = node.terms.map(({ matrix }) => matrix);
        return product(this.joined(node.terms.map(({ of }) => of)), this.#matrices.stack(matrices, false));
      }
      case 'sumRows':
        return sumOfRows(this.get(node.of)).reshape([1, -1]);
      case 'product':
      case 'outer':
      case 'input':
      case 'state':
      case 'gradient':
        throw new Error(`${node.op} is not made alone`);
      case 'add':
      case 'subtract':
      case 'multiply':
      case 'divide':
      case 'min':
      case 'max':
        return binary[node.op](this.get(node.left), this.get(node.right));
      default:
        return unary[node.op](this.get(node.of));
    }
  }
}
