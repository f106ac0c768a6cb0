import { nodeOf } from '../../engine/document/node-of.ts';
import type { UnrollDocument } from '../../engine/document/schema.ts';
import { portsAt } from '../../engine/graph/blocks/ports.ts';
import { type Clip, copyItems, parseClip, paste } from '../../engine/graph/clipboard.ts';
import { addComment, commentSize, insertOnWire, remove, removeAndHeal, setComment } from '../../engine/graph/edit.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { titleOf } from '../store/node-cards.ts';
import { announce } from '../store/ui-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { freeNear } from './add-layer.ts';
import { commentsAside, heightFor } from './comments-aside.ts';
import { drawnSize } from './drawn-store.ts';
import { focusWhenDrawn } from './focus-node.ts';
import { withContents } from './frame-contents.ts';
import { makeRoom } from './make-room.ts';
import type { PortEnd } from './port-choices.ts';
import { useViewport, visibleCentre, zoomToFit } from './viewport-store.ts';

/** What can be done to the graph, each as one undoable step; used by commands, menus, keys and the pointer alike. */
const store = useDocumentStore.getState;

/** A node's or wire's name for announcements. */
export function nameOf(id: string): string {
  const node = nodeOf(store().document, id);
  return node ? titleOf(store().document, node) : id;
}

/** A port's name for lists. */
export function portLabel({ port, direction }: PortEnd): string {
  const { document } = store();
  const own = portsAt(document, port.node);
  const ports = direction === 'input' ? own?.inputs : own?.outputs;
  return ports?.find(({ name }) => name === port.port)?.label ?? port.port;
}

/** Moves the keyboard focus to a node and shows it. */
export function focusNode(id: string): void {
  store().select([id]);
  const { flow } = useViewport.getState();
  const inner = flow?.getInternalNode(id);
  if (inner) zoomToFit([id]);
  focusWhenDrawn(id);
}

/** Sizes of the cards as they are drawn, px. */
export function cardSizes(): ReadonlyMap<string, { width: number; height: number }> {
  const { flow } = useViewport.getState();
  const sizes = new Map<string, { width: number; height: number }>();
  for (const node of store().document.nodes) {
    // Of what is unfolded, as it is folded: the document knows nothing of the other.
    const measured = roomNow().has(node.id) ? drawnSize(node.id) : flow?.getInternalNode(node.id)?.measured;
    if (measured?.width && measured.height) sizes.set(node.id, { width: measured.width, height: measured.height });
  }
  return sizes;
}

/** The document with the node in the wire and room around it; `null` when it does not fit there. */
export function putIntoWire(document: UnrollDocument, wire: string, id: string): UnrollDocument | null {
  const inserted = insertOnWire(document, store().facts, wire, id);
  const sizes = cardSizes();
  return inserted && commentsAside(document, makeRoom(inserted, id, sizes), sizes);
}

/** The place nearest to the wanted one that nothing lies on; by default to the middle of what is seen. */
export function freeInView(
  { width, height }: { readonly width: number; readonly height: number },
  place?: { readonly x: number; readonly y: number },
): { x: number; y: number } {
  const { document } = store();
  const centre = visibleCentre();
  const wanted = place ?? { x: centre.x - width / 2, y: centre.y - height / 2 };
  return freeNear({ document, sizes: cardSizes() }, { ...wanted, width, height });
}

export function insertComment(place?: { readonly x: number; readonly y: number }): void {
  const at = freeInView(commentSize, place);
  let id = '';
  store().edit((document) => {
    const added = addComment(document, at);
    id = added.id;
    return added.document;
  });
  store().select([id]);
  announce('Comment added.');
}

/** The text of a comment, as it is typed: each line is a step to undo. @param more px that it is higher than the comment, which grows with it */
export function writeComment(id: string, text: string, more = 0): void {
  store().edit(
    (document) => {
      const comment = document.comments.find((one) => one.id === id);
      if (comment === undefined) return document;
      const height = heightFor(comment, more, document, cardSizes());
      return setComment(document, id, { text, size: { ...comment.size, height } });
    },
    `comment:${id}:${text.split('\n').length}`,
  );
}

export function deleteSelection(): void {
  const { selection, document, facts } = store();
  if (selection.size === 0) return;
  const [only] = selection;
  const heal = selection.size === 1 && only !== undefined && document.nodes.some((n) => n.id === only);
  store().edit((d) => (heal && only !== undefined ? removeAndHeal(d, facts, only) : remove(d, selection)));
  announce(`${selection.size === 1 ? '1 item' : `${selection.size} items`} deleted.`);
}

let clipboardText = '';
let pasteCount = 0;

/** Copies the selection as text, also to the system's clipboard where that is allowed. */
export function copySelection(): string | null {
  const clip = copyItems(store().document, withContents(store().selection, store().document, drawnSize));
  if (!clip) return null;
  clipboardText = JSON.stringify(clip);
  pasteCount = 0;
  announce(`${clip.nodes.length + clip.comments.length} copied.`);
  return clipboardText;
}

export function cutSelection(): string | null {
  const text = copySelection();
  if (text === null) return null;
  // With a frame goes what lies in it, as in the copy; deleting one leaves it.
  store().select(withContents(store().selection, store().document, drawnSize));
  deleteSelection();
  return text;
}

/** Pastes text from the system's clipboard when it is ours, otherwise what was copied last in this window. */
export function pasteText(text?: string): boolean {
  const clip = (text === undefined ? null : parseClip(text)) ?? parseClip(clipboardText);
  if (!clip) return false;
  pasteCount += 1;
  const ids = addClip(clip, 33 * pasteCount);
  if (ids) announce(`${ids.size} pasted.`);
  return true;
}

/** Adds copies and selects them; `null`, said aloud, where the graph would come to hold too much. */
function addClip(clip: Clip, offset: number): ReadonlySet<string> | null {
  const result = paste(store().document, clip, { x: offset, y: offset });
  if (!result.ok) {
    announce(`${result.message}. ${result.fix}`);
    return null;
  }
  store().edit((document) => commentsAside(document, result.document, cardSizes()));
  store().select(result.ids);
  return result.ids;
}

export function duplicateSelection(): void {
  const clip = copyItems(store().document, withContents(store().selection, store().document, drawnSize));
  if (!clip) return;
  const ids = addClip(clip, 33);
  if (ids) announce(`${ids.size} duplicated.`);
}

export function selectAll(): void {
  const { document } = store();
  store().select([...document.nodes, ...document.edges, ...document.comments, ...document.frames].map((item) => item.id));
}
