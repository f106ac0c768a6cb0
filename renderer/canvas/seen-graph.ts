import type { UnrollDocument } from '../../engine/document/schema.ts';
import { useDocumentStore } from '../store/document-store.ts';
import { roomNow } from '../unfold/unfold-store.ts';
import { drawnSize } from './drawn-store.ts';
import type { Room } from './room.ts';
import type { Point } from './wire-geometry.ts';

interface Seen {
  readonly document: UnrollDocument;
  readonly room: Room;
  readonly seen: UnrollDocument;
}
let known: Seen | null = null;

/** The document with everything where the canvas shows it: the document itself unless something is unfolded. */
export function seenDocument(): UnrollDocument {
  const { document } = useDocumentStore.getState();
  const room = roomNow();
  if (room.empty) return document;
  if (known?.document !== document || known.room !== room) {
    const placed = <T extends { readonly position: Point }>(item: T): T => ({ ...item, position: room.place(item.position) });
    const seen = {
      ...document,
      nodes: document.nodes.map(placed),
      comments: document.comments.map(placed),
      frames: document.frames.map((frame) => {
        const { x, y, width, height } = room.box({ ...frame.position, ...frame.size });
        return { ...frame, position: { x, y }, size: { width, height } };
      }),
    };
    known = { document, room, seen };
  }
  return known.seen;
}

/** Where the document has what is put there on the canvas. */
export const inDocument = (shown: Point): Point => roomNow().back(shown);

/** The same for what was moved there. What moves together with an unfolded node has its room with it, and moves by as much. */
export function movedInDocument(places: ReadonlyMap<string, Point>): ReadonlyMap<string, Point> {
  const room = roomNow();
  if (room.empty) return places;
  const { nodes, comments, frames } = useDocumentStore.getState().document;
  const kept = new Map([...nodes, ...comments, ...frames].map(({ id, position }) => [id, position]));
  const together = [...places.keys()].some((id) => room.has(id));
  return new Map(
    [...places].map(([id, at]) => {
      const before = kept.get(id);
      if (!together || !before) return [id, room.back(at)];
      const shown = room.place(before);
      return [id, { x: before.x + at.x - shown.x, y: before.y + at.y - shown.y }];
    }),
  );
}

/** How large a node is drawn: unfolded, it is larger than its card. */
export const shownSize = (id: string): { readonly width: number; readonly height: number } =>
  roomNow().sizeOf(id) ?? drawnSize(id);
