import type { Rect } from './view.ts';

/** What is laid out as one: its place in a single long row, with the number of its column. */
export interface Placed extends Rect {
  readonly id: string;
  readonly column: number;
}

/** A wire between two of them: how far below its box' top it leaves and arrives, px. */
export interface Wired {
  readonly from: string;
  readonly to: string;
  readonly leaves: number;
  readonly arrives: number;
}

type Place = { readonly x: number; readonly y: number };

/** Up to this width one row is as good as several, px: seven cards side by side. */
const longestRow = 1800;
/** Width to height that is aimed at. */
const shape = 16 / 10;
/** Least distance between two rows, and of a wire that runs back between them from either, px. */
const gutter = 66;
const clear = 22;
/** Rows are put no further apart than this for wires between them, px: what then lies behind cards is led around them. */
const most = 110;

/**
 * A long row folded into several, as lines of a text are: left to right, then back to the left one row below. Rows lie so far apart, where
 * that is not too far, that a wire which runs back half-way between its ends, as they are drawn, passes between them.
 */
export function foldRows(boxes: readonly Placed[], wires: readonly Wired[]): ReadonlyMap<string, Place> {
  const columns = 1 + Math.max(0, ...boxes.map(({ column }) => column));
  let best = rowsOf(boxes, wires, [0, columns]);
  if (best.width <= longestRow) return best.places;
  for (let rows = 2; rows <= columns; rows++) {
    const next = rowsOf(boxes, wires, cuts(rows, columns, boxes, wires));
    if (coarseness(next) >= coarseness(best)) break;
    best = next;
  }
  return best.places;
}

/** What decides how small it is when all of it is in view. */
const coarseness = ({ width, height }: { width: number; height: number }): number => Math.max(width, height * shape);

/** First columns of the rows, and the end: about as many columns in each, cut where the fewest wires cross. */
function cuts(rows: number, columns: number, boxes: readonly Placed[], wires: readonly Wired[]): readonly number[] {
  const columnOf = new Map(boxes.map(({ id, column }) => [id, column]));
  const crossing = (cut: number): number =>
    wires.filter(({ from, to }) => (columnOf.get(from) ?? 0) < cut && (columnOf.get(to) ?? 0) >= cut).length;
  const found = [0];
  for (let row = 1; row < rows; row++) {
    const even = Math.round((row * columns) / rows);
    const near = [even, even - 1, even + 1].filter((cut) => cut > (found.at(-1) ?? 0) && cut < columns);
    const [cut] = near.sort((a, b) => crossing(a) - crossing(b));
    if (cut !== undefined) found.push(cut);
  }
  return [...found, columns];
}

interface Row {
  readonly boxes: readonly Placed[];
  readonly rect: Rect;
}

function rowsOf(boxes: readonly Placed[], wires: readonly Wired[], cut: readonly number[]) {
  const rows = cut.slice(1).map((end, i): Row => {
    const own = boxes.filter(({ column }) => column >= (cut[i] ?? 0) && column < end);
    return { boxes: own, rect: around(own) };
  });
  const places = new Map<string, Place>();
  const all = new Map(boxes.map((box) => [box.id, box]));
  let top = 0;
  for (const [i, { boxes: own, rect }] of rows.entries()) {
    const above = rows[i - 1];
    if (above) top += distance(above, { boxes: own, rect }, wires, all);
    for (const { id, x, y } of own) places.set(id, { x: Math.round(x - rect.x), y: Math.round(y - rect.y + top) });
  }
  const last = rows.at(-1)?.rect.height ?? 0;
  return { places, width: Math.max(0, ...rows.map(({ rect }) => rect.width)), height: top + last };
}

/** From the top of a row to the top of the next. */
function distance(above: Row, below: Row, wires: readonly Wired[], all: ReadonlyMap<string, Placed>): number {
  const [first, second] = [above, below].map(({ boxes }) => new Set(boxes.map(({ id }) => id)));
  let least = above.rect.height + gutter;
  for (const { from, to, leaves, arrives } of wires) {
    if (!first?.has(from) || !second?.has(to)) continue;
    const out = (all.get(from)?.y ?? 0) + leaves - above.rect.y;
    const into = (all.get(to)?.y ?? 0) + arrives - below.rect.y;
    // Half-way between the ends: below all of the row above, and above all of the row below.
    least = Math.max(least, 2 * (above.rect.height + clear) - out - into, out + into + 2 * clear);
  }
  return Math.min(least, above.rect.height + gutter + most);
}

export function around(rects: readonly Rect[]): Rect {
  const [x, y] = [Math.min(...rects.map((r) => r.x)), Math.min(...rects.map((r) => r.y))];
  const right = Math.max(...rects.map((r) => r.x + r.width));
  return { x, y, width: right - x, height: Math.max(...rects.map((r) => r.y + r.height)) - y };
}
