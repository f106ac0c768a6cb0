import type { CellGraph } from '../../engine/cells/graph/cell-graph.ts';
import type { Edited } from '../../engine/cells/graph/edit.ts';
import { printGraph } from '../../engine/cells/graph/print-graph.ts';
import { readGraph } from '../../engine/cells/graph/read-graph.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { setParams } from '../../engine/graph/edit.ts';
import { sharedSettings } from '../../engine/graph/shared-settings.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { toast } from '../ui/toast-store.ts';

export const ownKind = 'custom-cell';

/** What the node of a cell is: its equations, its width, and whether they are its own. */
export interface CellOfNode {
  readonly equations: string;
  readonly hidden: number;
  readonly own: boolean;
}

/** A cell node's equations; `null` where its settings are wrong. */
export function cellOf(node: GraphNode): CellOfNode | null {
  const layer = findLayer(node.kind);
  const config = layer?.config.safeParse(node.params).data;
  if (layer?.family !== 'cell' || config === undefined) return null;
  const hidden = Number(config['hidden']);
  if (node.kind === ownKind) return { equations: String(config['equations']), hidden, own: true };
  const shape = layer.shape(config, {}, useDocumentStore.getState().facts);
  const value = shape.ok ? shape.outputs['cell'] : undefined;
  if (value?.type !== 'cell' || value.cell.kind === ownKind) return null;
  return { equations: value.cell.equations, hidden, own: false };
}

/** A built-in cell becomes one of its equations: the node, its wires, its place and the settings that every cell has stay. One step to undo. */
export function editAsOwn(node: GraphNode): void {
  const cell = cellOf(node);
  if (cell === null || cell.own) return;
  const { document, edit } = useDocumentStore.getState();
  const title = titleOf(document, node);
  const label = node.label ?? `My ${title}`;
  const params = { ...sharedSettings(node, ownKind), equations: `# ${label}\n${cell.equations}` };
  edit((d) => ({ ...d, nodes: d.nodes.map((one) => (one.id === node.id ? { ...one, kind: ownKind, label, params } : one)) }));
  announce(`${title} is a cell of your own now. Its equations can be changed.`);
}

/**
 * A cell starts anew from given equations, one step to undo. It goes by their name unless it has one of its own.
 *
 * @param titles names that cells have from what they started from
 */
export function startCell(node: GraphNode, title: string, equations: string, titles: readonly string[]): void {
  const given = node.label !== undefined && !titles.some((one) => node.label === one || node.label === `My ${one}`);
  const label = given ? node.label : title;
  const start = (one: GraphNode): GraphNode => ({ ...one, ...(label ? { label } : {}), params: { ...one.params, equations } });
  useDocumentStore.getState().edit((d) => ({ ...d, nodes: d.nodes.map((one) => (one.id === node.id ? start(one) : one)) }));
}

/** Another text for a cell of one's own. Edits with the same `step` that follow each other are one to undo. */
export function setEquations(id: string, equations: string, step: string): void {
  useDocumentStore.getState().edit((d) => setParams(d, id, { equations }), `cell:${id}:${step}`);
}

let edits = 0;

/** Edits the graph of a cell, and with it its text; tells why where that cannot be. Gives the node to show, or `false`. */
export function editGraph(id: string, equations: string, change: (graph: CellGraph) => Edited): string | null | false {
  const edited = change(readGraph(equations));
  if (!edited.ok) {
    toast({ tone: 'bad', title: `Not done: ${edited.message}`, text: edited.fix });
    return false;
  }
  setEquations(id, printGraph(edited.graph), `graph-${edits++}`);
  return edited.node;
}
