import * as tf from '@tensorflow/tfjs-core';
import { inputsOf, type NodeId, phases } from '../../cells/step/graph.ts';
import type { DerivedProblem } from '../derived/problem.ts';
import { everyRow } from '../derived/rows.tf.ts';
import { type Matrices, Values } from '../derived/values.tf.ts';

/** The gradient G of one learned tensor as the sum over steps that it is (row L15), G = Σ G_t, without any of the terms being built. */
export interface ParameterTerms {
  /** ‖G_t‖ `[T]` */
  readonly norm: tf.Tensor1D;
  /** ⟨G_t, G⟩ `[T]`: their sum is ‖G‖². */
  readonly along: tf.Tensor1D;
}

/** A term is leftᵀ right over rows, or left where `right` is `null`; `[T, F]` each. */
interface Factors {
  readonly left: tf.Tensor2D;
  readonly right: tf.Tensor2D | null;
}

/**
 * The terms of each parameter's gradient. A matrix's term is the outer product δ_t r_tᵀ of what arrived at its product and what it
 * multiplied, so that ⟨G_s, G_t⟩ = (δ_s·δ_t)(r_s·r_t): two small products of rows give all of them.
 *
 * @param values everything of the step and of its gradient but the sums over steps, for one row
 */
export function* parameterTerms(
  { program, steps, rows }: DerivedProblem,
  values: Values,
  matrices: Matrices,
): Generator<undefined, ReadonlyMap<string, ParameterTerms>> {
  if (rows !== 1) throw new Error('a gradient is taken apart for one example at a time');
  const { graph, gradients } = program.schedule;
  // A sum over rows and steps, and what is made of it, is kept step by step: all of it is linear.
  const unsummed = new Values(graph, matrices, (id) => values.get(id));
  const value = (id: NodeId): tf.Tensor2D => {
    if (graph.phase(id) !== phases.sum) return values.get(id);
    if (unsummed.has(id)) return unsummed.get(id);
    const node = graph.node(id);
    if (node.op === 'sumRows') unsummed.set(id, everyRow(values.get(node.of), steps));
    else {
      for (const input of inputsOf(node)) value(input);
      if (node.op === 'product')
        unsummed.run([{ kind: 'products', of: node.of, matrices: [node.matrix], results: [id], added: null }]);
      else unsummed.run([{ kind: 'node', id }]);
    }
    return unsummed.get(id);
  };
  const factors = (id: NodeId): readonly Factors[] => {
    const node = graph.node(id);
    if (node.op === 'outer') return [{ left: everyRow(value(node.left), steps), right: everyRow(value(node.right), steps) }];
    if (node.op === 'add' && hasOuter(node.left)) return [...factors(node.left), ...factors(node.right)];
    return [{ left: everyRow(value(id), steps), right: null }];
  };
  const hasOuter = (id: NodeId): boolean => {
    const node = graph.node(id);
    return node.op === 'outer' || (node.op === 'add' && (hasOuter(node.left) || hasOuter(node.right)));
  };
  const products = new Products();
  const found = new Map<string, ParameterTerms>();
  for (const [name, id] of gradients.parameters) {
    found.set(name, products.terms(factors(id)));
    yield;
  }
  return found;
}

/** Products of rows, each made once: gates share what their matrices multiply. */
class Products {
  readonly #all = new Map<string, tf.Tensor2D>();
  readonly #own = new Map<string, tf.Tensor1D>();

  terms(factors: readonly Factors[]): ParameterTerms {
    const pairs = factors.flatMap((a) => factors.map((b) => [a, b] as const));
    const all = pairs.map(([a, b]) =>
      times(this.#between(a.left, b.left), a.right && b.right && this.#between(a.right, b.right)),
    );
    const own = pairs.map(([a, b]) => times(this.#each(a.left, b.left), a.right && b.right && this.#each(a.right, b.right)));
    return {
      norm: tf.sqrt(tf.relu(sumOf(own))) as tf.Tensor1D,
      along: tf.sum<tf.Tensor1D>(sumOf(all), 1),
    };
  }

  /** Of each row of one with each of the other `[T, T]`. */
  #between(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor2D {
    return remembered(this.#all, a, b, () => tf.matMul<tf.Tensor2D>(a, b, false, true));
  }

  /** Of each row with the same row of the other `[T]`. */
  #each(a: tf.Tensor2D, b: tf.Tensor2D): tf.Tensor1D {
    return remembered(this.#own, a, b, () => tf.sum<tf.Tensor1D>(tf.mul(a, b), 1));
  }
}

function remembered<T>(known: Map<string, T>, a: tf.Tensor, b: tf.Tensor, make: () => T): T {
  const key = `${a.id} ${b.id}`;
  const made = known.get(key) ?? make();
  known.set(key, made);
  return made;
}

const times = <T extends tf.Tensor>(a: T, b: T | null): T => (b === null ? a : tf.mul<T>(a, b));

function sumOf<T extends tf.Tensor>(all: readonly T[]): T {
  const [first, ...rest] = all;
  if (first === undefined) throw new Error('a gradient has no terms');
  return rest.reduce<T>((sum, one) => tf.add<T>(sum, one), first);
}
