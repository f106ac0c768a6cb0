import { nodeOf } from '../../engine/document/node-of.ts';
import type { GraphNode } from '../../engine/document/schema.ts';
import { nameOf } from '../canvas/canvas-actions.ts';
import { drawnSize } from '../canvas/drawn-store.ts';
import { bringIntoView, useViewport, zoomToFit } from '../canvas/viewport-store.ts';
import { isCellNode } from '../cell-editor/is-cell-node.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { isUnfolded, setUnfolded } from './unfold-store.ts';
import { canUnfold } from './unrolled.ts';

const store = useDocumentStore.getState;

/** Unfolds a node in time, or folds it, and shows it. */
export function toggleUnfolded(id: string): void {
  const { document: graph } = store();
  const node = nodeOf(graph, id);
  if (isUnfolded(id)) change([id], false);
  else if (node && canUnfold(graph, node)) change([id], true);
  else announce(`${nameOf(id)} cannot be unfolded: its cell’s settings are wrong.`);
}

/** Nodes that the key is for: what has the focus or is selected, of a cell the wrappers that run it; else all that the canvas has. */
function meant(): readonly string[] {
  const { document: graph, selection } = store();
  const focused = document.activeElement?.closest<HTMLElement>('.react-flow__node')?.dataset['id'];
  const chosen = focused !== undefined && !selection.has(focused) ? [focused] : [...selection];
  const wrappers = chosen.flatMap((id) => {
    const node = nodeOf(graph, id);
    if (!node) return [];
    return isCellNode(node) ? graph.edges.filter(({ from }) => from.node === id).map(({ to }) => to.node) : [id];
  });
  const of = (ids: readonly string[]): readonly string[] =>
    ids.filter((id) => {
      const node: GraphNode | undefined = nodeOf(graph, id);
      return node !== undefined && canUnfold(graph, node);
    });
  const own = of([...new Set(wrappers)]);
  return own.length > 0 ? own : of(graph.nodes.map(({ id }) => id));
}

export const canToggleMeant = (): boolean => meant().length > 0;

/** Unfolds them where one is folded, else folds them. */
export function toggleMeant(): void {
  const ids = meant();
  change(ids, !ids.every(isUnfolded));
}

function change(ids: readonly string[], open: boolean): void {
  if (ids.length === 0) return;
  const whole = useViewport.getState().fitted === store().document.nodes;
  setUnfolded(ids, open, drawnSize);
  announce(`${ids.map(nameOf).join(' and ')} ${open ? 'unfolded in time' : 'folded'}.`);
  // Once the canvas has taken on what they are to be. What was fitted as a whole still is.
  if (whole) requestAnimationFrame(() => zoomToFit());
  else if (open) requestAnimationFrame(() => bringIntoView(ids));
}
