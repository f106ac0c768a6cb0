import type { Point, Rect } from './wire-geometry.ts';

type Size = Pick<Rect, 'width' | 'height'>;

/** A node that is drawn larger than its card, for a while. */
export interface Grown {
  readonly id: string;
  /** Where the document has it. */
  readonly position: Point;
  /** Of its card, px. */
  readonly before: Size;
  /** As it is drawn, px; not smaller. */
  readonly after: Size;
  /** It becomes a card again. */
  readonly folding: boolean;
}

/**
 * Room for nodes that are drawn larger than their cards: what stands right of one, or below it, moves away by as much as it grows, and
 * comes back with it. The document knows nothing of it: the canvas shows its places through `place`, and what is put down somewhere goes
 * through `back`. What did not overlap does not overlap: no two items come nearer to each other in either direction.
 */
export class Room {
  readonly #x: Axis;
  readonly #y: Axis;
  readonly #grown: ReadonlyMap<string, Grown>;
  readonly #placed = new WeakMap<Point, Point>();
  readonly empty: boolean;

  constructor(grown: readonly Grown[]) {
    this.empty = grown.length === 0;
    this.#grown = new Map(grown.map((one) => [one.id, one]));
    const spans = grown.map(({ position: { x }, before, after }) => ({
      from: x,
      to: x + before.width,
      by: Math.max(0, after.width - before.width),
    }));
    const rows = grown.map(({ position: { y }, before, after }) => ({
      from: y,
      to: y + before.height,
      by: Math.max(0, after.height - before.height),
    }));
    this.#x = new Axis(spans);
    this.#y = new Axis(rows);
  }

  /** How large a node is drawn; `undefined`: as its card is. */
  sizeOf(id: string): Size | undefined {
    return this.#grown.get(id)?.after;
  }

  has(id: string): boolean {
    return this.#grown.has(id);
  }

  /** The node that is drawn larger; `null` where it is not. */
  grown(id: string): Grown | null {
    return this.#grown.get(id) ?? null;
  }

  /** Where a corner of the document is shown; the same object for the same one. */
  place(corner: Point): Point {
    if (this.empty) return corner;
    const known = this.#placed.get(corner);
    if (known) return known;
    const placed = { x: this.#x.shown(corner.x), y: this.#y.shown(corner.y) };
    this.#placed.set(corner, placed);
    return placed;
  }

  /** The corner of the document that is shown there. */
  back(shown: Point): Point {
    return this.empty ? shown : { x: this.#x.kept(shown.x), y: this.#y.kept(shown.y) };
  }

  /** A box of the document with all that lies in it. */
  box({ x, y, width, height }: Rect): Rect {
    const [start, end] = [this.place({ x, y }), this.place({ x: x + width, y: y + height })];
    return { ...start, width: end.x - start.x, height: end.y - start.y };
  }

  /** The box of the document that is shown as this one. */
  boxBack({ x, y, width, height }: Rect): Rect {
    const [start, end] = [this.back({ x, y }), this.back({ x: x + width, y: y + height })];
    return { ...start, width: end.x - start.x, height: end.y - start.y };
  }
}

interface Span {
  readonly from: number;
  readonly to: number;
  /** How much longer it gets. */
  readonly by: number;
}

/** A span, and how far its near half has moved. */
interface Ramp extends Span {
  readonly base: number;
}

/**
 * A line of places of which some spans get longer, in their far half: a cell that stands under the middle of its wrapper stays there.
 * Spans beside each other add up; of those at the same place, the longest counts.
 */
class Axis {
  readonly #ramps: readonly Ramp[];

  constructor(spans: readonly Span[]) {
    const ramps: Ramp[] = [];
    for (const span of spans.filter(({ by }) => by > 0).sort((a, b) => a.from - b.from))
      ramps.push({ ...span, base: Math.max(0, ...ramps.map((ramp) => movedBy(ramp, span.from))) });
    this.#ramps = ramps;
  }

  shown(at: number): number {
    return at + Math.max(0, ...this.#ramps.map((ramp) => movedBy(ramp, at)));
  }

  /** The inverse: places keep their order, so it is found by halving. */
  kept(at: number): number {
    let [low, high] = [at - Math.max(0, ...this.#ramps.map(({ base, by }) => base + by)), at];
    for (let i = 0; i < 60 && high - low > 1e-9; i++) {
      const middle = (low + high) / 2;
      if (this.shown(middle) < at) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }
}

function movedBy({ from, to, by, base }: Ramp, at: number): number {
  const middle = (from + to) / 2;
  if (at >= to) return base + by;
  return at <= middle ? 0 : base + (by * (at - middle)) / (to - middle);
}
