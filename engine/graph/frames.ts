import type { CanvasFrame, GraphNode, UnrollDocument } from '../document/schema.ts';
import { freshId, snap } from './edit.ts';

type Position = GraphNode['position'];
type Size = CanvasFrame['size'];

/** Size of something on the canvas; only the window knows how large a node's card is. */
export type SizeOf = (id: string) => Size | undefined;

/** Room that a frame leaves around what it is drawn around, px; its title stands in the room above. */
const room = { side: 33, top: 66 };
/** Of a new, empty frame, px. */
const emptySize = { width: 440, height: 264 };

/** A frame around what is chosen, or an empty one at `position` where nothing is. */
export function addFrame(
  document: UnrollDocument,
  position: Position,
  chosen: ReadonlySet<string>,
  sizeOf: SizeOf,
): { readonly document: UnrollDocument; readonly id: string } {
  const id = freshId(document, 'frame');
  const boxes = items(document)
    .filter((item) => chosen.has(item.id))
    .map((item) => ({ ...item.position, ...sizeIn(item, sizeOf) }));
  const place = boxes.length === 0 ? { position: snap(position), size: emptySize } : around(boxes);
  return { id, document: { ...document, frames: [...document.frames, { id, title: '', colour: 'grey', ...place }] } };
}

function around(boxes: readonly (Position & Size)[]): { readonly position: Position; readonly size: Size } {
  const left = Math.min(...boxes.map(({ x }) => x)) - room.side;
  const top = Math.min(...boxes.map(({ y }) => y)) - room.top;
  const right = Math.max(...boxes.map(({ x, width }) => x + width)) + room.side;
  const bottom = Math.max(...boxes.map(({ y, height }) => y + height)) + room.side;
  return { position: { x: left, y: top }, size: { width: right - left, height: bottom - top } };
}

export function setFrame(document: UnrollDocument, id: string, patch: Partial<Omit<CanvasFrame, 'id'>>): UnrollDocument {
  return { ...document, frames: document.frames.map((frame) => (frame.id === id ? { ...frame, ...patch } : frame)) };
}

/**
 * What lies in a frame and moves with it: nodes, comments and frames whose middle is in it. A frame only if it is the smaller one, so that
 * two frames never carry each other.
 *
 * @returns ids, without the frame's own
 */
export function frameMembers(document: UnrollDocument, id: string, sizeOf: SizeOf): ReadonlySet<string> {
  const frame = document.frames.find((one) => one.id === id);
  if (frame === undefined) return new Set();
  const area = ({ width, height }: Size): number => width * height;
  const found = items(document).filter((item) => {
    const size = sizeIn(item, sizeOf);
    const x = item.position.x + size.width / 2 - frame.position.x;
    const y = item.position.y + size.height / 2 - frame.position.y;
    const within = x >= 0 && y >= 0 && x <= frame.size.width && y <= frame.size.height;
    return item.id !== id && within && (item.kind !== 'frame' || area(size) < area(frame.size));
  });
  return new Set(found.map((item) => item.id));
}

interface Item {
  readonly id: string;
  readonly kind: 'node' | 'comment' | 'frame';
  readonly position: Position;
  readonly size?: Size;
}

const items = ({ nodes, comments, frames }: UnrollDocument): readonly Item[] => [
  ...nodes.map(({ id, position }): Item => ({ id, kind: 'node', position })),
  ...comments.map((comment): Item => ({ ...comment, kind: 'comment' })),
  ...frames.map((frame): Item => ({ ...frame, kind: 'frame' })),
];

/** A card that was not measured yet counts as a point. */
const sizeIn = ({ id, size }: Item, sizeOf: SizeOf): Size => size ?? sizeOf(id) ?? { width: 0, height: 0 };
