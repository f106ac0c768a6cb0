import type { CanvasFrame, UnrollDocument } from '../../engine/document/schema.ts';
import { frameMembers, type SizeOf } from '../../engine/graph/frames.ts';
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
