import type { Placed, Wired } from './fold-rows.ts';
import { type Rect, type WireCurve, wireThrough } from './wire-geometry.ts';

/** Between a wire and a card that it passes, px, and between two cards of a column. */
const clear = 16;
const gap = 44;
/** A wire nearer to a card than this counts as behind it, px. */
const around = 4;
/** Moves after which the best that was found is taken: fewer in a large graph, as each looks at every wire and box. */
const patience = (pairs: number): number => Math.min(400, Math.ceil(4e7 / pairs));

type Boxes = ReadonlyMap<string, Placed>;

/**
 * Units of one row moved up or down until no wire that passes a column lies behind what stands there, as far as that is found: the nearer
 * way first, others of its column making room.
 *
 * @param tell how much of it is done at most, 0–1
 */
export function clearWires(boxes: readonly Placed[], wires: readonly Wired[], tell: (share: number) => void): readonly Placed[] {
  const long = wires.filter(({ from, to }) => column(boxes, to) > column(boxes, from) + 1);
  if (long.length === 0) return boxes;
  let now = new Map(boxes.map((box) => [box.id, box]));
  let [best, fewest] = [now as Boxes, Number.POSITIVE_INFINITY];
  const moved = new Map<string, number>();
  const steps = patience(long.length * boxes.length);
  for (let step = 0; step < steps; step++) {
    tell(step / steps);
    const hits = hidden(now, long);
    if (hits.length < fewest) [best, fewest] = [now, hits.length];
    // What was moved least often gives way.
    const [hit] = hits.toSorted((a, b) => (moved.get(a.box.id) ?? 0) - (moved.get(b.box.id) ?? 0));
    if (hit === undefined) break;
    const { box, top, bottom } = hit;
    moved.set(box.id, (moved.get(box.id) ?? 0) + 1);
    const [down, up] = [bottom + clear - box.y, box.y + box.height + clear - top];
    const stubborn = (moved.get(box.id) ?? 0) > 3;
    now = shifted(now, box, stubborn || down <= up ? down : -up);
  }
  return boxes.map((box) => best.get(box.id) ?? box);
}

const column = (boxes: readonly Placed[], id: string): number => boxes.find((box) => box.id === id)?.column ?? 0;

interface Hit {
  readonly box: Placed;
  /** Where the wire is highest and lowest on its way past the box. */
  readonly top: number;
  readonly bottom: number;
}

function hidden(boxes: Boxes, wires: readonly Wired[]): Hit[] {
  const found: Hit[] = [];
  const all = [...boxes.values()];
  for (const wire of wires) {
    const curve = curveOf(boxes, wire);
    if (curve === null) continue;
    const { start, end } = curve;
    const [top, bottom] = [Math.min(start.y, end.y), Math.max(start.y, end.y)];
    for (const box of all) {
      // A wire that leads to the right stays between its ends: most boxes are far from it.
      if (box.y - around > bottom || box.y + box.height + around < top) continue;
      if (box.x - around > end.x || box.x + box.width + around < start.x) continue;
      if (box.id === wire.from || box.id === wire.to || wireThrough([curve], grown(box)) === null) continue;
      found.push({ box, top, bottom });
    }
  }
  return found;
}

function curveOf(boxes: Boxes, { from, to, leaves, arrives }: Wired): WireCurve | null {
  const [source, target] = [boxes.get(from), boxes.get(to)];
  if (!source || !target) return null;
  return {
    id: `${from} ${to}`,
    start: { x: source.x + source.width, y: source.y + leaves },
    end: { x: target.x, y: target.y + arrives },
    vertical: false,
  };
}

const grown = ({ x, y, width, height }: Rect): Rect => ({
  x: x - around,
  y: y - around,
  width: width + 2 * around,
  height: height + 2 * around,
});

/** With one box moved, and those of its column that it would come to lie on pushed the same way. */
function shifted(boxes: Boxes, box: Placed, by: number): Map<string, Placed> {
  const next = new Map(boxes);
  next.set(box.id, { ...box, y: box.y + by });
  const beside = [...boxes.values()].filter(({ id, x, width }) => id !== box.id && x < box.x + box.width && box.x < x + width);
  const ordered = beside.toSorted((a, b) => (by > 0 ? a.y - b.y : b.y + b.height - a.y - a.height));
  let edge = by > 0 ? box.y + by + box.height : box.y + by;
  for (const other of ordered) {
    const behind = by > 0 ? other.y + other.height > box.y + by : other.y < box.y + by + box.height;
    if (!behind) continue;
    const y = by > 0 ? Math.max(other.y, edge + gap) : Math.min(other.y, edge - gap - other.height);
    next.set(other.id, { ...other, y });
    edge = by > 0 ? y + other.height : y;
  }
  return next;
}
