import type { CanvasComment, GraphNode, UnrollDocument } from '../../engine/document/schema.ts';
import { portsOf } from '../../engine/graph/blocks/ports.ts';
import { moveTo } from '../../engine/graph/edit.ts';
import { freePlace } from './free-place.ts';
import { expectedSize } from './port-places.ts';
import type { Rect } from './view.ts';

export type CardSizes = ReadonlyMap<string, { readonly width: number; readonly height: number }>;

/** Where a card lies: as large as it was drawn last, or as it will be. */
export const cardRect = (document: Pick<UnrollDocument, 'blocks'>, node: GraphNode, sizes: CardSizes): Rect => ({
  ...node.position,
  ...(sizes.get(node.id) ?? expectedSize(portsOf(document, node))),
});
export const commentRect = ({ position, size }: CanvasComment): Rect => ({ ...position, ...size });

/** What of two rectangles is common to both is more than an edge. */
export const overlaps = (a: Rect, b: Rect): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/**
 * The document after an edit of the app's own, in which no comment has come to lie on a node by it: each that would is put down beside,
 * as near as there is room. What a person has put on a node stays there.
 *
 * @param before the edit
 * @param after the edit
 */
export function commentsAside(before: UnrollDocument, after: UnrollDocument, sizes: CardSizes): UnrollDocument {
  const lay = new Map(before.comments.map((comment) => [comment.id, covered(comment, before, sizes)]));
  const places = new Map<string, Rect>(after.comments.map((comment) => [comment.id, commentRect(comment)]));
  const cards = after.nodes.map((node) => cardRect(after, node, sizes));
  for (const comment of after.comments) {
    const own = lay.get(comment.id);
    if ([...covered(comment, after, sizes)].every((id) => own?.has(id))) continue;
    places.delete(comment.id);
    const wanted = commentRect(comment);
    places.set(comment.id, { ...wanted, ...freePlace(wanted, [...cards, ...places.values()]) });
  }
  return moveTo(after, new Map([...places].map(([id, { x, y }]) => [id, { x, y }])));
}

/** Nodes that a comment lies on. */
function covered(comment: CanvasComment, document: UnrollDocument, sizes: CardSizes): ReadonlySet<string> {
  const rect = commentRect(comment);
  return new Set(document.nodes.filter((node) => overlaps(rect, cardRect(document, node, sizes))).map(({ id }) => id));
}

/** Between a comment and what it makes itself as high as, px. */
const gap = 16;

/** How high a comment is whose text wants so much more, px: as high as there is room above the next card or comment below it. */
export function heightFor(comment: CanvasComment, more: number, document: UnrollDocument, sizes: CardSizes): number {
  const { x, y, width, height } = commentRect(comment);
  const bottom = y + height;
  const others = [
    ...document.nodes.map((node) => cardRect(document, node, sizes)),
    ...document.comments.filter(({ id }) => id !== comment.id).map(commentRect),
  ];
  const below = others.filter((one) => one.y >= bottom && one.x < x + width && x < one.x + one.width);
  const room = Math.min(...below.map((one) => one.y - gap)) - bottom;
  return height + Math.max(0, Math.min(more, room));
}
