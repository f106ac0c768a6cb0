import { differentiate, type StepGradients } from './differentiate.ts';
import { inputsOf, type NodeId, phases, type StepGraph } from './graph.ts';
import type { Step } from './lower.ts';

/** Products of one value with several matrices, computed as one; with what is added to each, where that is known for all steps before. */
export interface JoinedProducts {
  readonly of: NodeId;
  readonly matrices: readonly string[];
  /** What the one product gives, side by side: products, or sums where there is something to add. */
  readonly results: readonly NodeId[];
  /** Added to each product; `null` for plain products. */
  readonly added: readonly NodeId[] | null;
}

/** Gradients of several matrices that multiplied the same value, computed as one. */
export interface JoinedOuters {
  readonly lefts: readonly NodeId[];
  readonly right: NodeId;
  /** What the one product gives, below each other. */
  readonly results: readonly NodeId[];
}

export type Instruction =
  | { readonly kind: 'node'; readonly id: NodeId }
  | ({ readonly kind: 'products' } & JoinedProducts)
  | ({ readonly kind: 'outers' } & JoinedOuters);

/** In which order, and how often, the nodes of a step and of its gradients are computed. */
export interface Schedule {
  readonly graph: StepGraph;
  readonly next: readonly NodeId[];
  /** Whether every operation has a value and a slope wherever it is asked for: no logarithm, root, quotient or exponential. */
  readonly defined: boolean;
  readonly gradients: StepGradients;
  /** Nodes that are given: the input, and each part of the state before the step and its gradient after it. */
  readonly given: { readonly input: NodeId; readonly states: readonly NodeId[]; readonly gradients: readonly NodeId[] };
  readonly forward: {
    /** Once. */
    readonly once: readonly Instruction[];
    /** For all steps at once. */
    readonly inputs: readonly Instruction[];
    readonly step: readonly Instruction[];
  };
  /** Values of the forward pass that the gradients need, other than states: for all steps. */
  readonly saved: readonly NodeId[];
  /** Parts of the state whose values before each step the gradients need. */
  readonly savedStates: readonly number[];
  readonly backward: {
    readonly once: readonly Instruction[];
    /** For all steps at once: what does not need the gradient of a later step. */
    readonly slopes: readonly Instruction[];
    readonly step: readonly Instruction[];
    /** Gradients of a step that are needed after the loop, for all steps. */
    readonly kept: readonly NodeId[];
    /** Parts of the state whose gradient after each step is needed after the loop. */
    readonly keptStates: readonly number[];
    /** For all steps at once, after the loop. */
    readonly rest: readonly Instruction[];
    readonly sums: readonly Instruction[];
  };
}

export function scheduleStep(step: Step): Schedule {
  const { graph, next } = step;
  const gradients = differentiate(step);
  const forward = ancestors(graph, next);
  const wanted = [...gradients.states, gradients.input, ...gradients.parameters.values()].filter((id) => id !== null);
  const all = ancestors(graph, wanted);
  const inPhase = (ids: ReadonlySet<NodeId>, ...of: readonly number[]): NodeId[] =>
    [...ids].filter((id) => of.includes(graph.phase(id)) && isComputed(graph, id)).sort((a, b) => a - b);

  const loop = new Set(
    inPhase(
      ancestors(
        graph,
        gradients.states.filter((id) => id !== null),
      ),
      phases.gradient,
    ),
  );
  const later = new Set(inPhase(all, phases.gradient, phases.sum).filter((id) => !loop.has(id)));
  // Values of the forward pass are kept where a gradient reads them; what the gradients make from them is computed for all steps at once.
  const made = new Set([...inPhase(forward, phases.input, phases.state)]);
  const slopes = new Set<NodeId>();
  const saved = new Set<NodeId>();
  const states = new Set<number>();
  const need = (id: NodeId): void => {
    const node = graph.node(id);
    if (node.op === 'state') states.add(node.index);
    if (node.op === 'state' || node.op === 'input' || !isRowsBefore(graph, id)) return;
    if (made.has(id)) {
      saved.add(id);
      return;
    }
    if (slopes.has(id)) return;
    slopes.add(id);
    for (const input of inputsOf(node)) need(input);
  };
  for (const id of [...loop, ...later]) for (const input of inputsOf(graph.node(id))) need(input);

  const read = new Set([...later].flatMap((id) => inputsOf(graph.node(id))));
  const result = new Set(wanted);
  const sorted = (ids: Iterable<NodeId>): NodeId[] => [...ids].sort((a, b) => a - b);
  const keptStates = next
    .map((_, index) => index)
    .filter((index) => [...read, ...result].some((id) => isGradientOf(graph, id, index)));
  const instructions = (ids: readonly NodeId[]): readonly Instruction[] => instruct(graph, ids, new Set(next));
  return {
    graph,
    next,
    defined: ![...forward].some((id) => ['log', 'sqrt', 'divide', 'exp'].includes(graph.node(id).op)),
    gradients,
    given: {
      input: graph.input(),
      states: next.map((_, index) => graph.state(index)),
      gradients: next.map((_, index) => graph.gradient(index)),
    },
    forward: {
      once: instructions(inPhase(forward, phases.parameter)),
      inputs: instructions(inPhase(forward, phases.input)),
      step: instructions(inPhase(forward, phases.state)),
    },
    saved: sorted(saved),
    savedStates: [...states].sort((a, b) => a - b),
    backward: {
      once: instructions(inPhase(all, phases.parameter)),
      slopes: instructions(sorted(slopes)),
      step: instructions(sorted(loop)),
      kept: sorted(loop).filter((id) => read.has(id) || gradients.input === id),
      keptStates,
      rest: instructions(sorted(later).filter((id) => graph.phase(id) === phases.gradient)),
      sums: instructions(sorted(later).filter((id) => graph.phase(id) === phases.sum)),
    },
  };
}

const isComputed = (graph: StepGraph, id: NodeId): boolean => !['state', 'input', 'gradient'].includes(graph.node(id).op);
const isRowsBefore = (graph: StepGraph, id: NodeId): boolean =>
  [phases.input, phases.state].some((phase) => phase === graph.phase(id));

function isGradientOf(graph: StepGraph, id: NodeId, index: number): boolean {
  const node = graph.node(id);
  return node.op === 'gradient' && node.index === index;
}

/** Nodes and everything that they are made from. */
export function ancestors(graph: StepGraph, of: readonly NodeId[]): ReadonlySet<NodeId> {
  const found = new Set<NodeId>();
  const open = [...of];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (found.has(id)) continue;
    found.add(id);
    open.push(...inputsOf(graph.node(id)));
  }
  return found;
}

/** The nodes in order, with products of the same value, and with it, joined where the first of them stands. */
export function instruct(graph: StepGraph, ids: readonly NodeId[], kept: ReadonlySet<NodeId>): readonly Instruction[] {
  const members = new Map<NodeId, { readonly id: NodeId; readonly matrix: string }[]>();
  for (const id of ids) {
    const node = graph.node(id);
    if (node.op === 'product') members.set(node.of, [...(members.get(node.of) ?? []), { id, matrix: node.matrix }]);
  }
  const readers = readersIn(graph);
  const here = new Set(ids);
  const done = new Set<NodeId>();
  return ids.flatMap((id): readonly Instruction[] => {
    if (done.has(id)) return [];
    const node = graph.node(id);
    if (node.op === 'outer') {
      const { right } = node;
      const alike = ids.flatMap((one) => {
        const other = graph.node(one);
        if (other.op !== 'outer' || other.right !== right || done.has(one)) return [];
        // What is itself a sum, made after the first of them, comes too late for it.
        return here.has(other.left) && other.left > id ? [] : [{ one, left: other.left }];
      });
      for (const { one } of alike) done.add(one);
      return [{ kind: 'outers', right, lefts: alike.map(({ left }) => left), results: alike.map(({ one }) => one) }];
    }
    const group = node.op === 'product' ? members.get(node.of) : undefined;
    if (node.op !== 'product' || group === undefined) return [{ kind: 'node', id }];
    const products = group.map((member) => member.id);
    const sums = sumsOf(graph, readers, products, kept);
    for (const one of [...products, ...(sums ?? []).map(({ sum }) => sum)]) done.add(one);
    return [
      {
        kind: 'products',
        of: node.of,
        matrices: group.map(({ matrix }) => matrix),
        results: sums?.map(({ sum }) => sum) ?? products,
        added: sums?.map(({ added }) => added) ?? null,
      },
    ];
  });
}

/** Which nodes read each node. */
function readersIn(graph: StepGraph): ReadonlyMap<NodeId, readonly NodeId[]> {
  const readers = new Map<NodeId, NodeId[]>();
  for (let id = 0; id < graph.size; id++)
    for (const input of new Set(inputsOf(graph.node(id)))) readers.set(input, [...(readers.get(input) ?? []), id]);
  return readers;
}

/** The sum that alone reads each product, where what it adds is known for all steps before; `null` where that is not so of each. */
function sumsOf(
  graph: StepGraph,
  readers: ReadonlyMap<NodeId, readonly NodeId[]>,
  products: readonly NodeId[],
  kept: ReadonlySet<NodeId>,
): readonly { readonly sum: NodeId; readonly added: NodeId }[] | null {
  const sums = products.map((product) => {
    const [reader, more] = readers.get(product) ?? [];
    if (reader === undefined || more !== undefined || kept.has(product)) return null;
    const node = graph.node(reader);
    if (node.op !== 'add') return null;
    const added = node.left === product ? node.right : node.left;
    if (!graph.node(added).wide || graph.phase(added) >= graph.phase(product)) return null;
    return { sum: reader, added };
  });
  return sums.every((sum) => sum !== null) ? sums : null;
}
