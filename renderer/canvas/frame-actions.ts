import type { CanvasFrame } from '../../engine/document/schema.ts';
import { addFrame, setFrame } from '../../engine/graph/frames.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { announce } from '../store/ui-store.ts';
import { drawnSize } from './drawn-store.ts';
import { askName } from './name-field.tsx';
import { visibleCentre } from './viewport-store.ts';

const store = useDocumentStore.getState;

/** Puts a frame around the selected nodes and comments, an empty one where nothing is selected, and asks for its title in place. */
export function frameSelection(): void {
  const { selection } = store();
  const centre = visibleCentre();
  let id = '';
  store().edit((document) => {
    const added = addFrame(document, { x: centre.x - 220, y: centre.y - 132 }, selection, drawnSize);
    id = added.id;
    return added.document;
  });
  store().select([id]);
  askName(id);
  announce('Frame added. Type its title.');
}

export const selectedFrames = (): readonly CanvasFrame[] => {
  const { document, selection } = store();
  return document.frames.filter(({ id }) => selection.has(id));
};

export function colourFrames(colour: CanvasFrame['colour']): void {
  const ids = selectedFrames().map(({ id }) => id);
  store().edit((document) => ids.reduce((next, id) => setFrame(next, id, { colour }), document));
  announce(`${ids.length === 1 ? 'Frame' : `${ids.length} frames`} ${colour}.`);
}
