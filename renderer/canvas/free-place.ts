import type { Rect } from './view.ts';

/** Free on all sides of what is placed, and the distance between the places that are tried, px. */
const gap = 11;
const step = 22;

const isFree = ({ x, y, width, height }: Rect, others: readonly Rect[]): boolean =>
  others.every(
    (other) =>
      x >= other.x + other.width + gap ||
      x + width + gap <= other.x ||
      y >= other.y + other.height + gap ||
      y + height + gap <= other.y,
  );

/** The first place straight below the wanted one, or that itself, where a rectangle lies on nothing else. */
export function freeBelow(wanted: Rect, others: readonly Rect[]): { x: number; y: number } {
  for (let down = 0; ; down++) {
    const place = { ...wanted, y: wanted.y + down * step };
    if (isFree(place, others)) return { x: place.x, y: place.y };
  }
}

/** The place nearest to the wanted one where a rectangle lies on nothing else. */
export function freePlace(wanted: Rect, others: readonly Rect[]): { x: number; y: number } {
  const free = (x: number, y: number): boolean => isFree({ ...wanted, x, y }, others);
  // Rings around it; the outermost passes everything.
  for (let ring = 0; ; ring++) {
    const places = [...around(ring)].map(([right, down]) => ({ x: wanted.x + right * step, y: wanted.y + down * step }));
    const near = places.filter(({ x, y }) => free(x, y)).sort((a, b) => distance(a, wanted) - distance(b, wanted))[0];
    if (near) return near;
  }
}

const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

/** The steps to the places of a square ring, those below first. */
function* around(ring: number): Generator<readonly [right: number, down: number]> {
  if (ring === 0) yield [0, 0];
  for (let i = -ring; i < ring; i++) {
    yield [-i, ring];
    yield [ring, i];
    yield [-ring, -i];
    yield [i, -ring];
  }
}
