import { cellForms } from '../../cells/registry.ts';
import type { TaskKind } from '../../document/data-binding.ts';
import { dataBinding } from '../../document/data-binding.ts';
import { emptyDocument, type GraphEdge, type GraphNode, type UnrollDocument } from '../../document/schema.ts';
import type { DataFacts } from '../../shapes/data-facts.ts';
import type { LayerKindName } from '../registry.ts';

/** A small graph that the contract is checked on. */
export interface ContractCase {
  readonly name: string;
  readonly document: UnrollDocument;
  readonly facts: DataFacts;
}

export type Params = GraphNode['params'];
/** `id: [kind, settings]` */
export type Nodes = Readonly<Record<string, readonly [LayerKindName, Params?]>>;

/** Wires as `from.port > to.port`, in wire order. */
export function graph(name: string, task: TaskKind, nodes: Nodes, wires: readonly string[], classes = 3): ContractCase {
  const edges = wires.map((wire, index): GraphEdge => {
    const [from = '', to = ''] = wire.split(' > ');
    const end = (text: string) => {
      const [node = '', port = ''] = text.split('.');
      return { node, port };
    };
    return { id: `w${index}`, from: end(from), to: end(to) };
  });
  const numeric = task === 'forecasting';
  return {
    name,
    facts: {
      vocabulary: numeric ? null : 7,
      classes: numeric ? null : classes,
      features: numeric ? 2 : null,
      targets: numeric ? 2 : null,
    },
    document: {
      ...emptyDocument(name),
      nodes: Object.entries(nodes).map(([id, [kind, params = {}]]) => ({ id, kind, params, position: { x: 0, y: 0 } })),
      edges,
      data: dataBinding.parse({ source: { kind: 'template', name: 'contract' }, task }),
    },
  };
}

export const embedded: Nodes = { tokens: ['token-input'], embed: ['embedding', { width: 3 }] };
export const embeddedWires = ['tokens.tokens > embed.tokens'];
/** One wrapper `wrap` of a cell, and a head. */
export const wrapWires = [
  ...embeddedWires,
  'embed.sequence > wrap.sequence',
  'cell.cell > wrap.cell',
  'wrap.output > head.input',
];
/** Two wrappers of one cell over the same steps; the second starts from the state of the first. */
export const handedOnWires = [
  ...embeddedWires,
  'embed.sequence > first.sequence',
  'cell.cell > first.cell',
  'embed.sequence > second.sequence',
  'cell.cell > second.cell',
  'first.state > second.initial',
];

/** A cell with matrices, biases, vectors and numbers that are learned, three states of two widths, and an output that is none of them. */
export const everyRole = `m' = tanh(W_m x + V (sigmoid(U_m c + b_m) * c))
c' = softmax(P m' + U_c c) - tanh(p_c * c) + k_c * h
h' = tanh(W_h x + U_h h) / (2 + softplus(b_h))
out = Q c' + tanh(Q (h' - c))
width m = 2
width out = 4
start b_h = 0.5`;

/** Every cell, in each of its forms; of the library's, `cases.ts` has fewer. */
export const cells: readonly (readonly [string, LayerKindName, Params])[] = [
  ...cellForms.flatMap(({ name, kind, settings }) =>
    kind === 'custom-cell' ? [] : [[name, kind, { ...settings, hidden: 3 }] as const],
  ),
  ['custom', 'custom-cell', { hidden: 3 }],
];
export const taskOf = (output: string): TaskKind => (output === 'every-step' ? 'step-tagging' : 'sequence-classification');
