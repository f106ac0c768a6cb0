import type { CellProgram } from './cell-program.ts';
import { type NodeId, phases, type StepGraph } from './step/graph.ts';
import { ancestors } from './step/schedule.ts';

/** Matrices that multiply the state before the step, or what is made from it, by their names in the equations, in their order. */
export function recurrentMatrices({ parameters, step }: CellProgram): readonly string[] {
  const { graph, next } = step;
  const found = new Set<string>();
  for (const id of ancestors(graph, next)) {
    const node = graph.node(id);
    if (node.op === 'product' && node.phase === phases.state) found.add(node.matrix);
  }
  return parameters.flatMap(({ name }) => (found.has(name) ? [name] : []));
}

/** Largest slope γ of what a plain recurrent cell squashes its sum with. */
const slopes: Readonly<Record<string, number>> = { tanh: 1, sigmoid: 0.25, relu: 1, softplus: 1 };

export interface PlainRecurrence {
  /** `null` where the state is the sum itself. */
  readonly activation: string | null;
  readonly gamma: number;
  /** U of `h' = φ(… + U h)`. */
  readonly matrix: string;
}

/**
 * What Pascanu, Mikolov and Bengio's bounds speak of: a cell `h' = φ(W x + U h + b)`, with nothing that carries its state past the
 * product. `null` for all others, gated ones among them.
 */
export function plainRecurrence({ step, states }: CellProgram): PlainRecurrence | null {
  const { graph, next } = step;
  const [output] = next;
  if (output === undefined || states.length !== 1) return null;
  const node = graph.node(output);
  const gamma = slopes[node.op];
  const sum = gamma !== undefined && 'of' in node ? node.of : output;
  const terms = recurrentTerms(graph, sum);
  const [only, more] = terms ?? [];
  if (only === undefined || more !== undefined) return null;
  return { activation: gamma === undefined ? null : node.op, gamma: gamma ?? 1, matrix: only };
}

/** Matrices of the products of the bare state that a sum adds up; `null` where the state enters it in any other way. */
function recurrentTerms(graph: StepGraph, id: NodeId): readonly string[] | null {
  const node = graph.node(id);
  if (node.phase < phases.state) return [];
  if (node.op === 'product') return graph.node(node.of).op === 'state' ? [node.matrix] : null;
  if (node.op !== 'add' && node.op !== 'subtract') return null;
  const [left, right] = [recurrentTerms(graph, node.left), recurrentTerms(graph, node.right)];
  return left === null || right === null ? null : [...left, ...right];
}

/** What σ₁ says of gradients through many steps of a plain recurrent cell (Pascanu et al. 2013, “On the difficulty of training RNNs”). */
export interface GradientBounds {
  readonly gamma: number;
  /** 1/γ */
  readonly limit: number;
  readonly singular: number;
  /**
   * `vanish`: σ₁ < 1/γ, so that they must. `may-explode`: σ₁ > 1/γ, without which they cannot; whether they do, it does not say.
   * `neither`: σ₁ = 1/γ.
   */
  readonly verdict: 'vanish' | 'may-explode' | 'neither';
  /** γ σ₁: no step can keep more of a gradient. */
  readonly perStep: number;
}

export function gradientBounds(singular: number, gamma: number): GradientBounds {
  const limit = 1 / gamma;
  const verdict = singular < limit ? 'vanish' : singular > limit ? 'may-explode' : 'neither';
  return { gamma, limit, singular, verdict, perStep: gamma * singular };
}
