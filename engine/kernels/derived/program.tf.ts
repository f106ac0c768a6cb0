import * as tf from '@tensorflow/tfjs-core';
import type { CellProgram } from '../../cells/cell-program.ts';
import { registerProgram } from '../../cells/program/register-program.ts';
import { inputsOf, type NodeId } from '../../cells/step/graph.ts';
import { listValues, opOfSeveralValues, unlistValues } from '../op-value.tf.ts';
import type { ProgramGradients, ProgramOp, ProgramWeights } from '../program-op.tf.ts';
import type { StateParts } from '../recurrence.tf.ts';
import { mayBeDifferentiated } from '../sequence-op.tf.ts';
import type { DerivedProblem } from './problem.ts';
import { Matrices, Values } from './values.tf.ts';

/**
 * A cell out of its equations as a register program: everything with a row for each example is computed by the op; what all rows share, which
 * is little, is computed around it.
 *
 * @param x `[T, B, I]`
 * @param weights of each direction, in the order of the cell's parameters
 * @param initial parts of each direction, one after the other; empty: zeros
 * @returns `sequence` `[T, B, D·P]`, and the parts of the final state of each direction
 */
export function runProgram(
  op: ProgramOp,
  { program: cell, ...rest }: DerivedProblem,
  x: tf.Tensor3D,
  weights: readonly (readonly tf.Tensor[])[],
  initial: StateParts,
  want: { readonly sequence: boolean; readonly final: boolean },
): { readonly sequence: tf.Tensor3D | null; readonly final: StateParts | null } {
  const problem = { ...rest, program: registerProgram(cell, x.shape[2]) };
  const each = cell.parameters.length;
  const tensors = [x, ...weights.flat(), ...initial];
  const values = opOfSeveralValues(tensors, (save) => {
    const shared = weights.map((own) => new Shared(cell, own));
    const given = shared.map((one) => one.weights(x.shape[2]));
    const run = op.forward(problem, x, given, initial, mayBeDifferentiated());
    save([...tensors, ...run.saved]);
    return {
      values: listValues(want.sequence ? run.sequence : null, want.final ? run.final : null),
      gradients(dValues, saved) {
        const [dSequence, dFinal] = unlistValues(dValues, want);
        const again = weights.map((_, d) => new Shared(cell, saved.slice(1 + d * each, 1 + (d + 1) * each)));
        const d = op.backward(
          problem,
          saved[0] as tf.Tensor3D,
          again.map((one) => one.weights(x.shape[2])),
          saved.slice(1 + each * weights.length, tensors.length) as tf.Tensor2D[],
          saved.slice(tensors.length),
          dSequence,
          dFinal,
        );
        const of = d.directions.map((gradients, direction) => again[direction]?.gradients(x.shape[2], gradients) ?? []);
        return [d.x ?? tf.zerosLike(x), ...of.flat(), ...d.directions.flatMap((direction) => direction.initial)];
      },
    };
  });
  const [sequence, final] = unlistValues(values, want);
  return { sequence, final };
}

/** What all rows of one direction share: learned tensors and what is made of them alone, and their gradients. */
class Shared {
  readonly #cell: CellProgram;
  readonly #learned: ReadonlyMap<string, tf.Tensor>;
  readonly #values: Values;

  constructor(cell: CellProgram, learned: readonly tf.Tensor[]) {
    this.#cell = cell;
    this.#learned = new Map(cell.parameters.flatMap(({ name }, index) => (learned[index] ? [[name, learned[index]]] : [])));
    this.#values = new Values(cell.schedule.graph, new Matrices(this.#learned), null);
  }

  #parameter(name: string): tf.Tensor {
    const tensor = this.#learned.get(name);
    if (tensor === undefined) throw new Error(`the cell has no ${name}`);
    return tensor;
  }

  weights(inputs: number): ProgramWeights {
    const { matrices, vectors } = registerProgram(this.#cell, inputs);
    return {
      matrices: matrices.map(({ name }) => this.#parameter(name)),
      vectors: vectors.map(({ id }) => {
        const node = this.#cell.schedule.graph.node(id);
        return node.op === 'parameter' ? this.#parameter(node.name) : this.#value(id);
      }),
    };
  }

  /** In the order of the cell's parameters. */
  gradients(inputs: number, { outers, sums }: ProgramGradients): readonly tf.Tensor[] {
    const { gradients } = this.#cell.schedule;
    const { outerNodes, sumNodes } = registerProgram(this.#cell, inputs);
    const made = new Map<NodeId, tf.Tensor>();
    for (const [index, id] of outerNodes.entries()) made.set(id, outers[index] as tf.Tensor);
    for (const [index, { id, units }] of sumNodes.entries()) {
      const sum = sums[index] as tf.Tensor;
      made.set(id, units ? tf.sum(sum) : sum);
    }
    return this.#cell.parameters.map(({ name }) => {
      const parameter = this.#parameter(name);
      const id = gradients.parameters.get(name);
      if (id === undefined) return tf.zerosLike(parameter);
      const gradient = made.get(id) ?? this.#value(id, made);
      return tf.util.arraysEqual(gradient.shape, parameter.shape) ? gradient : gradient.reshape(parameter.shape);
    });
  }

  /** A value without rows of its own `[1, F]`, or a matrix `[R, C]`, out of what was given. */
  #value(id: NodeId, made: ReadonlyMap<NodeId, tf.Tensor> = new Map()): tf.Tensor2D {
    if (this.#values.has(id)) return this.#values.get(id);
    const { graph } = this.#cell.schedule;
    const node = graph.node(id);
    const given = made.get(id);
    if (given !== undefined) {
      this.#values.set(id, node.op === 'outer' ? (given as tf.Tensor2D) : given.reshape([1, -1]));
    } else {
      for (const input of inputsOf(node)) this.#value(input, made);
      if (node.op === 'product')
        this.#values.run([{ kind: 'products', of: node.of, matrices: [node.matrix], results: [id], added: null }]);
      else if (node.op === 'outer') this.#values.run([{ kind: 'outers', lefts: [node.left], right: node.right, results: [id] }]);
      else this.#values.run([{ kind: 'node', id }]);
    }
    return this.#values.get(id);
  }
}
