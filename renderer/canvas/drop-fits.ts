import type { UnrollDocument } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { addBeside } from './add-layer.ts';
import { putIntoWire } from './canvas-actions.ts';
import type { Part } from './parts.ts';

/*
 * Where something that is dragged would be taken: only there is it shown that it can be let go of. Each is what the drop itself does,
 * without its being kept; asked for at each move of the pointer, and so remembered.
 */

const known = new WeakMap<UnrollDocument, Map<string, boolean>>();
const sizes = new Map<string, never>();

function remembered(what: string, look: (document: UnrollDocument) => boolean): boolean {
  const { document } = useDocumentStore.getState();
  const found = known.get(document) ?? new Map<string, boolean>();
  known.set(document, found);
  const fits = found.get(what) ?? look(document);
  found.set(what, fits);
  return fits;
}

/** Whether a part that is dropped on a wire goes into it. */
export const fitsWire = (part: Part, wire: string): boolean =>
  remembered(`${part.id} into ${wire}`, (document) => {
    const put = part.put(document, { x: 0, y: 0 });
    return put.ok && putIntoWire(put.document, wire, put.id) !== null;
  });

/** Whether a wrapper takes a cell that is dropped on it, in the place of its own if it has one. */
export const fitsWrapper = (cell: Part, wrapper: string): boolean =>
  remembered(`${cell.id} onto ${wrapper}`, (document) => {
    const put = cell.put(document, { x: 0, y: 0 });
    return put.ok && takesCell(put.document, put.id, wrapper);
  });

/** The same of a cell that is in the document. */
export const cellFitsWrapper = (cell: string, wrapper: string): boolean =>
  remembered(`node ${cell} onto ${wrapper}`, (document) => takesCell(document, cell, wrapper));

const takesCell = (document: UnrollDocument, cell: string, wrapper: string): boolean =>
  addBeside({ document, facts: useDocumentStore.getState().facts, sizes }, cell, [wrapper], false).wired.length > 0;
