import type { Edge, Node } from '@xyflow/react';
import { printExpression } from '../../engine/cells/language/print.ts';
import type { CellLayout, PlacedNode, Point } from './cell-layout.ts';
import type { CellReading } from './read-cell.ts';
import { lineOf, widthOfNode } from './read-cell.ts';

export type PartNode = Node<
  {
    readonly placed: PlacedNode;
    readonly lit: boolean;
    readonly width: string;
    readonly told: string;
    readonly problem: boolean;
  },
  'part'
>;
export type BorderNode = Node<Record<string, never>, 'border'>;
export type CellFlowNode = PartNode | BorderNode;
export type PartWire = Edge<{ readonly way: readonly Point[]; readonly role: Role; readonly lit: boolean }, 'part'>;

/** What flows: the step's input, a state, or a value of the step. */
export type Role = 'input' | 'state' | 'value';

/** Shape of a value in words, `B·128`; `E`: the input's width, which is not known. */
export function shapeOf(reading: CellReading, node: PlacedNode['node'], inputWidth: number | null): string {
  const width = widthOfNode(reading, node);
  if (width === undefined) return '';
  if (width === null) return 'one number';
  return `B·${width === 'input' ? (inputWidth ?? 'E') : width}`;
}

function roleOf(id: string): Role {
  if (id === 'in:x') return 'input';
  return id.startsWith('in:') || id.endsWith("'") ? 'state' : 'value';
}

/** What React Flow draws; what is drawn as before is the same object, which it leaves alone. */
export class CellFlow {
  readonly #drawn = new Map<string, { readonly key: string; readonly item: CellFlowNode | PartWire }>();

  items(...args: Parameters<typeof flowItems>): ReturnType<typeof flowItems> {
    const { nodes, edges } = flowItems(...args);
    return { nodes: nodes.map((node) => this.#same(node)), edges: edges.map((edge) => this.#same(edge)) };
  }

  #same<Item extends CellFlowNode | PartWire>(item: Item): Item {
    const key = JSON.stringify(item, (name, value) => (name === 'expression' || name === 'template' ? undefined : value));
    const before = this.#drawn.get(item.id);
    if (before?.key === key) return before.item as Item;
    this.#drawn.set(item.id, { key, item });
    return item;
  }
}

function flowItems(
  reading: CellReading,
  layout: CellLayout,
  { chosen, line }: { readonly chosen: ReadonlySet<string>; readonly line: number | null },
  inputWidth: number | null,
): { readonly nodes: readonly CellFlowNode[]; readonly edges: readonly PartWire[] } {
  const wrong = new Set(reading.problems.flatMap((problem) => (problem.severity === 'error' ? [problem.line] : [])));
  const { height, border: frame } = layout;
  const border: BorderNode = {
    id: '<border>',
    type: 'border',
    position: { x: frame.left, y: 0 },
    data: {},
    width: frame.right - frame.left,
    height,
    selectable: false,
    focusable: false,
    zIndex: -1,
  };
  const stop = tabStop(reading, chosen);
  const nodes = layout.nodes.map((placed): PartNode => {
    const { id } = placed.node;
    const own = lineOf(reading, id);
    const told = toldOf(reading, placed, inputWidth);
    return {
      id,
      type: 'part',
      // A press on it begins no move of the view.
      className: 'nopan',
      position: { x: placed.x, y: placed.y },
      width: placed.width,
      height: placed.height,
      selected: chosen.has(id),
      focusable: id === stop,
      ariaLabel: told,
      data: {
        placed,
        lit: own !== null && own === line,
        width: shapeOf(reading, placed.node, inputWidth),
        told,
        problem: own !== null && placed.node.kind !== 'input' && wrong.has(own),
      },
    };
  });
  const names = new Map(nodes.map(({ id, data }) => [id, data.placed.look.title ?? data.placed.look.action]));
  const edges = reading.graph.wires.map(({ id, from, to, slot }): PartWire => {
    const own = lineOf(reading, to);
    return {
      id,
      type: 'part',
      source: from,
      target: to,
      targetHandle: String(slot),
      selected: chosen.has(id),
      focusable: to === stop,
      ariaLabel: `Wire from ${names.get(from)} to ${names.get(to)}`,
      data: { way: layout.ways.get(id) ?? [], role: roleOf(from), lit: own !== null && own === line },
    };
  });
  return { nodes: [border, ...nodes], edges };
}

/** The part that Tab stops at, with the wires that end at it; arrows go to the others. */
function tabStop({ graph }: CellReading, chosen: ReadonlySet<string>): string {
  const node = graph.nodes.find(({ id }) => chosen.has(id));
  return node?.id ?? graph.wires.find(({ id }) => chosen.has(id))?.to ?? 'in:x';
}

/** A node in words: for those who do not see it, and under the pointer. */
function toldOf(reading: CellReading, { node, look }: PlacedNode, inputWidth: number | null): string {
  const shape = shapeOf(reading, node, inputWidth);
  const end = shape === '' ? '' : `, ${shape}`;
  if (node.kind === 'input') return `${node.name === 'x' ? 'Input x of the step' : `State ${node.name} before the step`}${end}`;
  if (node.kind === 'output')
    return `${node.label === 'out' ? 'Output of the step' : `State ${node.label} after the step`}${end}`;
  const kind = look.shape === 'gate' ? 'Gate' : 'Operation';
  const written = node.expression === null ? look.action : printExpression(node.expression);
  return node.label === null ? `${kind} ${written}${end}` : `${kind} ${node.label} = ${written}${end}`;
}
