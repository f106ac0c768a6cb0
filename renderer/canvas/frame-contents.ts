import { frameMembers, type SizeOf, setFrame } from '../../engine/document/frames.ts';
import type { CanvasFrame, UnrollDocument } from '../../engine/document/schema.ts';
import type { Rect } from './view.ts';

type Position = CanvasFrame['position'];

/** Ids with all that lies in the frames among them. */
export function withContents(ids: ReadonlySet<string>, document: UnrollDocument, sizeOf: SizeOf): ReadonlySet<string> {
  const frames = document.frames.filter(({ id }) => ids.has(id));
  return frames.length === 0 ? ids : new Set([...ids, ...frames.flatMap(({ id }) => [...frameMembers(document, id, sizeOf)])]);
}

export const encloses = (outer: Rect, inner: Rect): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

/** New places with those of what moves along: what lies in a frame keeps its place in it. */
export function carriedAlong(
  places: ReadonlyMap<string, Position>,
  document: UnrollDocument,
  sizeOf: SizeOf,
): ReadonlyMap<string, Position> {
  const moved = document.frames.filter(({ id }) => places.has(id));
  if (moved.length === 0) return places;
  const all = new Map(places);
  const before = new Map([...document.nodes, ...document.comments, ...document.frames].map(({ id, position }) => [id, position]));
  for (const frame of moved) {
    const place = places.get(frame.id) ?? frame.position;
    for (const id of frameMembers(document, frame.id, sizeOf)) {
      const from = before.get(id);
      if (from === undefined || all.has(id)) continue;
      all.set(id, { x: from.x + place.x - frame.position.x, y: from.y + place.y - frame.position.y });
    }
  }
  return all;
}

/** After nodes were arranged: each frame lies around what it held before, with the room that it had on each side; an empty one stays. */
export function framesFollow(before: UnrollDocument, after: UnrollDocument, sizeOf: SizeOf): UnrollDocument {
  const area = ({ size }: CanvasFrame): number => size.width * size.height;
  // The smaller ones first: they lie in the larger ones.
  const frames = [...before.frames].sort((a, b) => area(a) - area(b));
  return frames.reduce((next, frame) => {
    const held = frameMembers(before, frame.id, sizeOf);
    const [was, is] = [boundsOf(before, held, sizeOf), boundsOf(next, held, sizeOf)];
    if (was === null || is === null) return next;
    const { position, size } = frame;
    return setFrame(next, frame.id, {
      position: { x: is.x + position.x - was.x, y: is.y + position.y - was.y },
      size: { width: is.width + size.width - was.width, height: is.height + size.height - was.height },
    });
  }, after);
}

/** The smallest rectangle around these; `null` around nothing. */
function boundsOf({ nodes, comments, frames }: UnrollDocument, ids: ReadonlySet<string>, sizeOf: SizeOf): Rect | null {
  const rects = [
    ...nodes.map(({ id, position }) => ({ id, ...position, ...(sizeOf(id) ?? { width: 0, height: 0 }) })),
    ...[...comments, ...frames].map(({ id, position, size }) => ({ id, ...position, ...size })),
  ].filter(({ id }) => ids.has(id));
  if (rects.length === 0) return null;
  const [x, y] = [Math.min(...rects.map((rect) => rect.x)), Math.min(...rects.map((rect) => rect.y))];
  const right = Math.max(...rects.map((rect) => rect.x + rect.width));
  const bottom = Math.max(...rects.map((rect) => rect.y + rect.height));
  return { x, y, width: right - x, height: bottom - y };
}
