import { useDocumentStore } from '../store/document-store.ts';
import { cellFitsWrapper, fitsWrapper } from './drop-fits.ts';
import type { FlowNode } from './flow-items.ts';
import type { Part } from './parts.ts';
import { cellInput, cellOutput, cellWire } from './replace-cell.ts';

/** The wrapper that the card of a cell was dragged over, which does not run that cell already. */
export function wrapperAt(
  cell: FlowNode,
  nodes: readonly FlowNode[],
  { x, y }: { readonly x: number; readonly y: number },
): string | null {
  const { document } = useDocumentStore.getState();
  if (!cellOutput(document, cell.id)) return null;
  const under = nodes.find(({ id, position, measured }) => {
    const [right, down] = [x - position.x, y - position.y];
    return id !== cell.id && right >= 0 && down >= 0 && right <= (measured?.width ?? 0) && down <= (measured?.height ?? 0);
  });
  const port = under && cellInput(document, under.id);
  return port && cellWire(document, port)?.from.node !== cell.id && cellFitsWrapper(cell.id, under.id) ? under.id : null;
}

/** The wrapper that a cell is held over, and that would take it. */
export function wrapperUnder(target: EventTarget, cell: Part): string | null {
  const id = target instanceof Element ? target.closest<HTMLElement>('.react-flow__node')?.dataset['id'] : undefined;
  return id !== undefined && cellInput(useDocumentStore.getState().document, id) && fitsWrapper(cell, id) ? id : null;
}
