import { compilePlan } from '../compile/compile-plan.ts';
import type { Plan } from '../compile/plan.ts';
import type { Batch } from '../data/dataset.ts';
import type { TaskKind } from '../document/data-binding.ts';
import { currentVersion, type GraphEdge, type GraphNode, unrollDocument } from '../document/schema.ts';
import type { DataFacts } from '../shapes/data-facts.ts';

/**
 * The network of the self-check: embedding → bidirectional LSTM → layer norm → GRU → dense softmax. Sizes are odd and unequal
 * on purpose: a kernel that swaps two dimensions, or rounds one up, cannot pass.
 */
const nodes: Nodes = [
  ['tokens', 'token-input', {}],
  ['embedding', 'embedding', { width: 5 }],
  ['lstm', 'lstm-cell', { hidden: 7 }],
  ['both', 'bidirectional', { output: 'every-step' }],
  ['norm', 'layer-norm', {}],
  ['gru', 'gru-cell', { hidden: 6 }],
  ['last', 'recurrent', { output: 'last' }],
  ['head', 'dense-softmax', {}],
];

const wires: readonly [from: string, to: string][] = [
  ['tokens.tokens', 'embedding.tokens'],
  ['embedding.sequence', 'both.sequence'],
  ['lstm.cell', 'both.cell'],
  ['both.output', 'norm.input'],
  ['norm.output', 'last.sequence'],
  ['gru.cell', 'last.cell'],
  ['last.output', 'head.input'],
];

const vocabulary = 11;

/** Class of each row. */
export const checkTargets = { classes: ['a', 'b', 'c'], rows: [0, 2, 1] } as const;

/** Three rows of 6, 4 and 1 steps. */
export const checkBatch: Batch = {
  steps: 6,
  rows: 3,
  tokens: Int32Array.from([2, 9, 10, 3, 4, 0, 5, 5, 0, 7, 1, 0, 2, 0, 0, 8, 0, 0]),
  series: null,
  lengths: Int32Array.from([6, 4, 1]),
  classTargets: Int32Array.from(checkTargets.rows),
  tagTargets: null,
  numberTargets: null,
  examples: Uint32Array.from([0, 1, 2]),
};

export const checkPlan = (): Plan =>
  smallPlan(nodes, wires, 'sequence-classification', {
    vocabulary,
    classes: checkTargets.classes.length,
    features: null,
    targets: null,
  });

type Nodes = readonly (readonly [id: string, kind: string, params: GraphNode['params']])[];

/** A network that is written down in short, compiled. @throws Error where it does not compile */
export function smallPlan(
  nodes: Nodes,
  wires: readonly (readonly [from: string, to: string])[],
  task: TaskKind,
  facts: DataFacts,
): Plan {
  const port = (text: string): GraphEdge['from'] => {
    const [node = '', name = ''] = text.split('.');
    return { node, port: name };
  };
  const document = unrollDocument.parse({
    format: 'unroll',
    version: currentVersion,
    name: 'self-check',
    nodes: nodes.map(([id, kind, params], index) => ({ id, kind, params, position: { x: index, y: 0 } })),
    edges: wires.map(([from, to], index) => ({ id: `wire-${index}`, from: port(from), to: port(to) })),
    comments: [],
    frames: [],
    blocks: [],
    data: { source: { kind: 'template', name: 'self-check' }, task },
    training: {},
  });
  const compiled = compilePlan(document, facts);
  if (!compiled.ok) throw new Error(`the self-check's network does not compile: ${compiled.problems[0]?.message}`);
  return compiled.plan;
}
