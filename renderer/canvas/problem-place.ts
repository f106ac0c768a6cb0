import { nodeOf } from '../../engine/document/node-of.ts';
import type { Problem } from '../../engine/shapes/problem.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { graphAt, levelKey } from '../store/levels.ts';
import { titleOf } from '../store/node-cards.ts';
import { focusNode } from './canvas-actions.ts';

/** Where a problem is, in words: `Encoder › Recurrent`. */
export function placeOfProblem({ node, inside }: Problem): string {
  if (node === null) return 'Graph';
  const { whole } = useDocumentStore.getState();
  const steps = inside === undefined ? [node] : [...inside.path, inside.node];
  const titles = steps.map((id, depth) => {
    const found = nodeOf(graphAt(whole, steps.slice(0, depth)), id);
    return found ? titleOf(whole, found) : id;
  });
  return titles.join(' › ');
}

/** Opens the block that a problem is in, and moves the focus to its node. */
export function focusProblem({ node, inside }: Problem): void {
  const { level, enter } = useDocumentStore.getState();
  const id = inside?.node ?? node;
  const path = inside?.path ?? [];
  if (id === null) return;
  if (levelKey(level) === levelKey(path)) {
    focusNode(id);
    return;
  }
  enter(path);
  // The view of the other level comes first.
  setTimeout(() => focusNode(id), 80);
}
