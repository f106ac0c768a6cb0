import { type NodeId, phases, type StepGraph, type StepNode } from './graph.ts';
import type { Step } from './lower.ts';

/** Gradients of a step, as nodes of its graph; what has none is zero. */
export interface StepGradients {
  /**
   * Of each part of the state after the step: what is given of it, and what arrives at it inside the step, as at c through h = o tanh(c).
   * A part that all rows share, such as a bias alone, has only what is given: what arrives at it is the bias's, summed over rows.
   */
  readonly after: readonly NodeId[];
  /** Of each part of the state before the step. */
  readonly states: readonly (NodeId | null)[];
  readonly input: NodeId | null;
  /** Of each learned tensor by its name, summed over rows and steps. */
  readonly parameters: ReadonlyMap<string, NodeId>;
}

interface Contribution {
  readonly node: NodeId;
  /** Still to be multiplied by this matrix, together with others. */
  readonly through: string | null;
}

/**
 * The step's gradients by reverse-mode differentiation, written into its graph: from the gradients of the state after it (`gradient` nodes)
 * to those of everything it is made from.
 */
export function differentiate({ graph, next }: Step): StepGradients {
  return new Reverse(graph).run(next);
}

class Reverse {
  readonly #graph: StepGraph;
  readonly #arrived = new Map<NodeId, Contribution[]>();
  readonly #matrices = new Map<string, NodeId[]>();

  constructor(graph: StepGraph) {
    this.#graph = graph;
  }

  run(next: readonly NodeId[]): StepGradients {
    const graph = this.#graph;
    next.forEach((node, index) => {
      this.#give(node, graph.gradient(index));
    });
    const states: (NodeId | null)[] = next.map(() => null);
    const parameters = new Map<string, NodeId>();
    const after = next.map((_, index) => graph.gradient(index));
    let input: NodeId | null = null;
    for (let id = graph.size - 1; id >= 0; id--) {
      const arrived = this.#arrived.get(id);
      if (arrived === undefined) continue;
      const d = this.#total(arrived);
      const node = graph.node(id);
      next.forEach((one, index) => {
        if (one === id && graph.hasRows(id)) after[index] = d;
      });
      if (node.op === 'state') states[node.index] = d;
      else if (node.op === 'input') input = d;
      else if (node.op === 'parameter') parameters.set(node.name, d);
      else this.#through(node, id, d);
    }
    for (const [name, terms] of this.#matrices) parameters.set(name, this.#sum(terms));
    return { after, states, input, parameters };
  }

  #sum(terms: readonly NodeId[]): NodeId {
    return terms.reduce((total, term) => this.#graph.binary('add', total, term));
  }

  /** All gradients that arrived at a node as one: those through matrices are one product. */
  #total(arrived: readonly Contribution[]): NodeId {
    const plain = arrived.flatMap(({ node, through }) => (through === null ? [node] : []));
    const terms = arrived.flatMap(({ node, through }) => (through === null ? [] : [{ matrix: through, of: node }]));
    const factored = this.#factored(plain);
    return this.#sum(terms.length === 0 ? factored : [...factored, this.#graph.backProduct(terms)]);
  }

  /** `d a + d b` as `d (a + b)`, where the sum does not depend on a gradient: it is made for all steps at once. */
  #factored(nodes: readonly NodeId[]): readonly NodeId[] {
    const graph = this.#graph;
    const factors = new Map<NodeId, NodeId>();
    for (const id of nodes) {
      const { base, factor } = this.#split(id);
      const before = factors.get(base);
      factors.set(base, before === undefined ? factor : graph.binary('add', before, factor));
    }
    return [...factors].map(([base, factor]) => graph.binary('multiply', base, factor));
  }

  /** A gradient as a product of one and of what does not depend on any. */
  #split(id: NodeId): { readonly base: NodeId; readonly factor: NodeId } {
    const graph = this.#graph;
    const node = graph.node(id);
    if (node.op === 'negative') {
      const { base, factor } = this.#split(node.of);
      return { base, factor: graph.unary('negative', factor) };
    }
    const early =
      node.op === 'multiply' && graph.phase(node.left) === phases.gradient && graph.phase(node.right) < phases.gradient;
    // One number for all units times a row's gradient is as wide as before only where the gradient is.
    if (early && graph.node(node.left).wide === node.wide) return { base: node.left, factor: node.right };
    return { base: id, factor: graph.constant(1) };
  }

  /** Adds to a node's gradient; one number for all units or rows gets the sum over them. */
  #give(to: NodeId, d: NodeId, through: string | null = null): void {
    const graph = this.#graph;
    const target = graph.node(to);
    if (target.op === 'constant') return;
    let node = d;
    if (through === null && !target.wide && graph.node(node).wide) node = graph.unary('sumUnits', node);
    if (target.phase === phases.parameter) node = graph.sumRows(node);
    const list = this.#arrived.get(to) ?? [];
    list.push({ node, through });
    this.#arrived.set(to, list);
  }

  /** d · factor, where what does not depend on the gradient is multiplied first: that is done for all steps at once. */
  #times(d: NodeId, factor: NodeId): NodeId {
    const graph = this.#graph;
    const node = graph.node(d);
    if (node.op === 'multiply' && graph.phase(node.right) < phases.gradient && graph.phase(node.left) === phases.gradient)
      return graph.binary('multiply', node.left, graph.binary('multiply', node.right, factor));
    return graph.binary('multiply', d, factor);
  }

  #through(node: StepNode, id: NodeId, d: NodeId): void {
    const graph = this.#graph;
    const { constant } = graph;
    const minus = (a: NodeId, b: NodeId): NodeId => graph.binary('subtract', a, b);
    const times = (a: NodeId, b: NodeId): NodeId => graph.binary('multiply', a, b);
    const slope = (of: NodeId, factor: NodeId): void => this.#give(of, this.#times(d, factor));
    switch (node.op) {
      case 'negative':
        this.#give(node.of, graph.unary('negative', d));
        break;
      case 'softmax': {
        const weighed = times(d, id);
        this.#give(node.of, minus(weighed, times(id, graph.unary('sumUnits', weighed))));
        break;
      }
      case 'layernorm': {
        const centred = minus(d, graph.unary('meanUnits', d));
        const along = times(id, graph.unary('meanUnits', times(d, id)));
        this.#give(node.of, times(minus(centred, along), graph.unary('inverseDeviation', node.of)));
        break;
      }
      case 'add':
        this.#give(node.left, d);
        this.#give(node.right, d);
        break;
      case 'subtract':
        this.#give(node.left, d);
        this.#give(node.right, graph.unary('negative', d));
        break;
      case 'multiply':
        slope(node.left, node.right);
        slope(node.right, node.left);
        break;
      case 'divide':
        slope(node.left, graph.binary('divide', constant(1), node.right));
        slope(node.right, graph.unary('negative', graph.binary('divide', id, node.right)));
        break;
      case 'min':
      case 'max': {
        // Where both are equal each gets half, as in PyTorch.
        const difference = node.op === 'max' ? minus(node.left, node.right) : minus(node.right, node.left);
        const left = times(constant(0.5), graph.binary('add', constant(1), graph.unary('sign', difference)));
        slope(node.left, left);
        slope(node.right, minus(constant(1), left));
        break;
      }
      case 'product':
        this.#give(node.of, d, node.matrix);
        this.#matrices.set(node.matrix, [...(this.#matrices.get(node.matrix) ?? []), graph.outer(d, node.of)]);
        break;
      default: {
        const factor = slopeOf(graph, node, id);
        if ('of' in node && factor !== null) slope(node.of, factor);
        else throw new Error(`${node.op} is in no cell's equations`);
      }
    }
  }
}

/** Slope of a function of one number, by its argument or its value. */
function slopeOf(graph: StepGraph, node: StepNode, value: NodeId): NodeId | null {
  const one = graph.constant(1);
  switch (node.op) {
    case 'sigmoid':
      return graph.binary('multiply', value, graph.binary('subtract', one, value));
    case 'tanh':
      return graph.binary('subtract', one, graph.binary('multiply', value, value));
    case 'relu':
      return graph.unary('step', node.of);
    case 'softplus':
      return graph.unary('sigmoid', node.of);
    case 'exp':
      return value;
    case 'log':
      return graph.binary('divide', one, node.of);
    case 'sqrt':
      return graph.binary('divide', graph.constant(0.5), value);
    case 'abs':
      return graph.unary('sign', node.of);
    default:
      return null;
  }
}
