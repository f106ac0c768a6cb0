import { moveTo } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { type Axis, align, type Box, distribute, type Side } from './align.ts';
import { cardSize } from './make-room.ts';
import { useViewport } from './viewport-store.ts';

/** How many nodes and comments are selected; a wire has no place of its own. */
export function placedCount(): number {
  const { selection, document } = useDocumentStore.getState();
  return [...document.nodes, ...document.comments].filter(({ id }) => selection.has(id)).length;
}

/** The selected nodes and comments, as large as they are drawn. */
function selectedBoxes(): Box[] {
  const { selection } = useDocumentStore.getState();
  const nodes = useViewport.getState().flow?.getNodes() ?? [];
  return nodes
    .filter(({ id }) => selection.has(id))
    .map(({ id, position, measured }) => ({
      id,
      ...position,
      width: measured?.width ?? cardSize.width,
      height: measured?.height ?? cardSize.height,
    }));
}

export function alignSelection(side: Side): void {
  const boxes = selectedBoxes();
  useDocumentStore.getState().edit((document) => moveTo(document, align(boxes, side)));
  announce(`${boxes.length} aligned, ${side}.`);
}

export function distributeSelection(axis: Axis): void {
  const boxes = selectedBoxes();
  useDocumentStore.getState().edit((document) => moveTo(document, distribute(boxes, axis)));
  announce(`${boxes.length} spread evenly, ${axis === 'horizontal' ? 'sideways' : 'up and down'}.`);
}
