import { nodeAt } from '../../engine/document/node-of.ts';
import type { Problem } from '../../engine/shapes/problem.ts';
import { isCellOpen, leaveCell } from '../cell-editor/open-cell.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { levelKey } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';
import { useUiStore } from '../store/ui-store.ts';
import { focusNode } from './canvas-actions.ts';

/** Where a problem is, in words: `Encoder › Recurrent`. */
export function placeOfProblem({ node, inside }: Problem): string {
  if (node === null) return 'Graph';
  const { whole } = useDocumentStore.getState();
  const steps = inside === undefined ? [node] : [...inside.path, inside.node];
  const titles = steps.map((id, depth) => {
    const found = nodeAt(whole, steps.slice(0, depth), id);
    return found ? titleOf(whole, found) : id;
  });
  return titles.join(' › ');
}

/** Shows the canvas that a node is on, and moves the focus to it. @param path the placed blocks that lead there */
export function goToNode(path: readonly string[], id: string): void {
  const { level, enter } = useDocumentStore.getState();
  const { tab, setTab } = useUiStore.getState();
  const here = tab === 'design' && !isCellOpen() && levelKey(level) === levelKey(path);
  leaveCell();
  if (levelKey(level) !== levelKey(path)) enter(path);
  setTab('design');
  // The view of the other level, or of the canvas, comes first.
  if (here) focusNode(id);
  else setTimeout(() => focusNode(id), 80);
}

/** Opens the block that a problem is in, and moves the focus to its node. */
export function focusProblem({ node, inside }: Problem): void {
  const id = inside?.node ?? node;
  if (id !== null) goToNode(inside?.path ?? [], id);
}
