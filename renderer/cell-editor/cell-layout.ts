import { Graph, layout } from '@dagrejs/dagre';
import type { CellGraph, CellNode, CellWire, OperationNode, Template } from '../../engine/cells/graph/cell-graph.ts';
import { calledOf, nodeOf, wiresInto } from '../../engine/cells/graph/edit.ts';
import { printTemplate, slotsOf } from '../../engine/cells/graph/template.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How a node is drawn: a gate's card, the sign of an operation, a function's name, or the end of a wire. */
export interface NodeLook {
  readonly shape: 'gate' | 'sign' | 'function' | 'end';
  readonly title: string | null;
  /** What it does: `sigmoid`, `×`, `1 −`. */
  readonly action: string;
  /** A gate's sum. */
  readonly detail: string | null;
}

export interface PlacedNode extends Point {
  readonly node: CellNode;
  readonly look: NodeLook;
  readonly width: number;
  readonly height: number;
  /** Its slots with how far down its left side each is, px. */
  readonly slots: readonly { readonly slot: number; readonly at: number }[];
}

export interface CellLayout {
  readonly nodes: readonly PlacedNode[];
  /** Points between its ends by which a wire passes what lies in its way, by the wire's id. */
  readonly ways: ReadonlyMap<string, readonly Point[]>;
  readonly width: number;
  readonly height: number;
  /** The border of the cell: what begins stands on its left side, what ends on its right one. */
  readonly border: { readonly left: number; readonly right: number };
}

const signs: Readonly<Record<string, string>> = { '*': '×', '-': '−', '+': '+', '/': '÷' };
const longest = 34;

/** Functions around a gate's sum, outermost first, and the sum. */
function around(template: Template): { readonly functions: readonly string[]; readonly inner: Template } {
  const [only] = template.kind === 'call' && template.arguments.length === 1 ? template.arguments : [];
  if (template.kind !== 'call' || only === undefined) return { functions: [], inner: template };
  const { functions, inner } = around(only);
  return { functions: [template.function, ...functions], inner };
}

/** What a node shows. */
export function lookOf(graph: CellGraph, node: CellNode): NodeLook {
  if (node.kind === 'input') return { shape: 'end', title: node.name, action: '', detail: null };
  if (node.kind === 'output') return { shape: 'end', title: node.label, action: '', detail: null };
  const sources = new Map(wiresInto(graph, node.id).map(({ slot, from }) => [slot, nodeOf(graph, from)]));
  const called = (slot: number): string => {
    const source = sources.get(slot);
    return (source && calledOf(source)) ?? '…';
  };
  const { template, label } = node;
  if (node.gate) {
    const { functions, inner } = around(template);
    const text = printTemplate(inner, called);
    const detail = text.length > longest ? `${text.slice(0, longest - 1).trimEnd()}…` : text;
    return { shape: 'gate', title: label, action: functions.join(' '), detail };
  }
  return { ...operationLook(node), title: label };
}

function operationLook({ template }: OperationNode): Omit<NodeLook, 'title'> {
  const inline = (part: Template): string => (part.kind === 'slot' ? '' : printTemplate(part, () => '·'));
  switch (template.kind) {
    case 'slot':
      return { shape: 'sign', action: '=', detail: null };
    case 'binary': {
      const sign = signs[template.operator] ?? template.operator;
      const action = [inline(template.left), sign, inline(template.right)].filter(Boolean).join(' ');
      return { shape: action.length > 1 ? 'function' : 'sign', action, detail: null };
    }
    case 'negative':
      return { shape: 'sign', action: '−', detail: null };
    case 'call': {
      const fixed = template.arguments.map(inline).filter(Boolean);
      return { shape: 'function', action: [template.function, ...fixed].join(' '), detail: null };
    }
    case 'product':
    case 'number':
    case 'name':
      return { shape: 'function', action: printTemplate(template, () => '·'), detail: null };
  }
}

/** Widths of letters, px, of the two sizes of type. */
const [letter, small] = [7.9, 7.25];

function sizeOf({ shape, title, action, detail }: NodeLook, slots: number): { width: number; height: number } {
  const high = Math.max(0, slots - 2) * 14;
  const name = title === null ? 0 : title.length * letter;
  if (shape === 'gate') {
    const head = name + (title !== null && action !== '' ? 7 : 0) + action.length * small;
    return { width: Math.max(96, head + 34, (detail?.length ?? 0) * small + 76), height: 50 + high };
  }
  if (shape === 'end') return { width: Math.max(40, name + 26), height: 30 };
  if (shape === 'sign' && title === null) return { width: 36, height: 36 + high };
  return { width: name + (name > 0 ? 10 : 0) + action.length * (shape === 'sign' ? 10 : small) + 28, height: 36 + high };
}

const margin = 30;
/** Beside all columns; no name is written like these. */
const [first, last] = ['<first>', '<last>'];

/** Lays a cell out anew only where what is drawn of it is another thing: most keys change a number or a name within a line. */
export class CellLayouts {
  #key = '';
  #layout: CellLayout | null = null;

  of(graph: CellGraph): CellLayout {
    const drawn = graph.nodes.map((node) => [node.id, lookOf(graph, node)]);
    const key = JSON.stringify([drawn, graph.wires.map(({ id }) => id)]);
    if (this.#layout !== null && key === this.#key) {
      const nodes = this.#layout.nodes.map((placed) => ({ ...placed, node: nodeOf(graph, placed.node.id) ?? placed.node }));
      this.#layout = { ...this.#layout, nodes };
    } else this.#layout = layOut(graph);
    this.#key = key;
    return this.#layout;
  }
}

/** Inputs at the left, what the step gives at the right, between them everything in the order in which it is computed. */
export function layOut(graph: CellGraph): CellLayout {
  const dagre = new Graph({ multigraph: true });
  dagre.setGraph({
    rankdir: 'LR',
    nodesep: 30,
    ranksep: 46,
    edgesep: 14,
    marginx: margin,
    marginy: margin,
    ranker: 'network-simplex',
  });
  const looks = new Map(graph.nodes.map((node) => [node.id, lookOf(graph, node)]));
  const sizes = new Map<string, { width: number; height: number }>();
  for (const node of graph.nodes) {
    const slots = node.kind === 'operation' ? slotsOf(node.template).length : 1;
    const size = sizeOf(looks.get(node.id) as NodeLook, slots);
    sizes.set(node.id, size);
    dagre.setNode(node.id, { ...size });
  }
  for (const { id, from, to } of graph.wires) dagre.setEdge(from, to, { weight: to.startsWith('out:') ? 4 : 1 }, id);
  // All that begins stands in the first column, all that ends in the last.
  for (const column of [first, last]) dagre.setNode(column, { width: 0, height: 0 });
  for (const { kind, id } of graph.nodes) {
    if (kind === 'input') dagre.setEdge(first, id, { weight: 100 }, `${first} ${id}`);
    else if (kind === 'output') dagre.setEdge(id, last, { weight: 100 }, `${last} ${id}`);
    else if (!graph.wires.some(({ from }) => from === id)) dagre.setEdge(id, last, { weight: 0, minlen: 2 }, `${last} ${id}`);
  }
  layout(dagre);
  const sizeAt = (id: string) => sizes.get(id) as { width: number; height: number };
  const edge = Math.min(...graph.nodes.map(({ id }) => (dagre.node(id) as Point).x - sizeAt(id).width / 2));
  const moved = ({ x, y }: Point): Point => ({ x: x - edge + margin, y });
  const at = (id: string): Point => moved(dagre.node(id) as Point);
  const left = Math.min(...graph.nodes.filter(({ kind }) => kind === 'input').map(({ id }) => at(id).x));
  const right = Math.max(...graph.nodes.map(({ id, kind }) => at(id).x + (kind === 'output' ? 0 : sizeAt(id).width / 2 + 20)));
  const ways = new Map(
    graph.wires.map(({ id, from, to }) => {
      const { points = [] } = dagre.edge(from, to, id) as { points?: readonly Point[] };
      return [id, from === to ? [] : points.slice(1, -1).map(moved)] as const;
    }),
  );
  const nodes = graph.nodes.map((node): PlacedNode => {
    const size = sizeAt(node.id);
    const middle = at(node.id);
    const x = node.kind === 'input' ? left : node.kind === 'output' ? right : middle.x;
    return {
      node,
      look: looks.get(node.id) as NodeLook,
      x: x - size.width / 2,
      y: middle.y - size.height / 2,
      ...size,
      slots: slotPlaces(graph, node, size.height, (wire) => ways.get(wire.id)?.at(-1)?.y ?? at(wire.from).y),
    };
  });
  const width = Math.max(...nodes.map((node) => node.x + node.width)) + margin;
  const height = Math.max(...nodes.map((node) => node.y + node.height)) + margin;
  return { nodes, ways, width, height, border: { left, right } };
}

/** Slots down the left side: as their wires come, or as they stand where that matters. */
function slotPlaces(
  graph: CellGraph,
  node: CellNode,
  height: number,
  comesFrom: (wire: CellWire) => number,
): PlacedNode['slots'] {
  const wires = wiresInto(graph, node.id);
  const template = node.kind === 'operation' ? node.template : null;
  const fixed =
    template?.kind === 'binary' && !(node.kind === 'operation' && node.gate) && ['-', '/'].includes(template.operator);
  const inOrder = fixed ? wires : wires.toSorted((a, b) => comesFrom(a) - comesFrom(b));
  return inOrder.map(({ slot }, index) => ({ slot, at: (height * (index + 1)) / (inOrder.length + 1) }));
}
