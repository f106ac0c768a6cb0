import { moveTo } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { type Axis, align, type Box, distribute, type Side } from './align.ts';
import { drawnSize } from './drawn-store.ts';
import { cardSize } from './make-room.ts';
import { useViewport } from './viewport-store.ts';

/** How many nodes and comments are selected; a wire has no place of its own. */
export function placedCount(): number {
  const { selection, document } = useDocumentStore.getState();
  return [...document.nodes, ...document.comments].filter(({ id }) => selection.has(id)).length;
}

/** The selected nodes and comments in the document, as large as they are drawn; of what is unfolded, as it is folded. */
function selectedBoxes(): Box[] {
  const { selection } = useDocumentStore.getState();
  const nodes = useViewport.getState().flow?.getNodes() ?? [];
  const room = roomNow();
  return nodes
    .filter(({ id }) => selection.has(id))
    .map(({ id, position, measured }) => ({
      id,
      ...room.back(position),
      width: (room.has(id) ? drawnSize(id) : measured)?.width ?? cardSize.width,
      height: (room.has(id) ? drawnSize(id) : measured)?.height ?? cardSize.height,
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
