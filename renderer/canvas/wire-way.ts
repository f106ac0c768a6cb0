import { portReach } from './port-places.ts';
import type { Point, Rect, WireCurve } from './wire-geometry.ts';

/** Room between a way and a card, and what one lane is from the next, so that ways do not all lie on each other, px. */
const [usual, lane, lanes] = [12, 5, 3] as const;
/** The same where cards stand near each other. */
const tight = 7;
/** A turn is worth as much as a longer way, px. */
const turn = 40;
/** More cards around a wire than this: it stays where it is. */
const most = 48;

/** A crossing of the lines that a way may take, and whether it is reached along a horizontal one. */
interface Stop {
  readonly column: number;
  readonly row: number;
  readonly across: boolean;
  readonly cost: number;
  readonly before: Stop | null;
}

/**
 * A way from card to card in straight lines that passes all cards, as short and with as few turns as there is one.
 *
 * @param cards around the wire, with those at its ends
 * @param number of the wire: those that follow each other take lines beside each other
 * @returns its corners, between the wire's ends; `null` where there is none
 */
export function wayAround(wire: WireCurve, cards: readonly Rect[], number: number): readonly Point[] | null {
  if (cards.length > most) return null;
  return wayAt(wire, cards, usual + lane * (number % lanes), usual - 1) ?? wayAt(wire, cards, tight, tight - 1);
}

/** @param aside how far from cards its lines lie, and `room` the least that may be between */
function wayAt(
  { start, end, vertical }: WireCurve,
  cards: readonly Rect[],
  aside: number,
  room: number,
): readonly Point[] | null {
  // As far from its own card as from others.
  const out = aside - portReach;
  const from = vertical ? { x: start.x, y: start.y - out } : { x: start.x + out, y: start.y };
  const to = vertical ? { x: end.x, y: end.y + out } : { x: end.x - out, y: end.y };
  const columns = sorted([from.x, to.x, ...cards.flatMap(({ x, width }) => [x - aside, x + width + aside])]);
  const rows = sorted([from.y, to.y, ...cards.flatMap(({ y, height }) => [y - aside, y + height + aside])]);
  const beside = columns.map((x) => cards.filter((card) => x > card.x - room && x < card.x + card.width + room));
  const level = rows.map((y) => cards.filter((card) => y > card.y - room && y < card.y + card.height + room));
  const at = ({ column, row }: Pick<Stop, 'column' | 'row'>): Point => ({ x: columns[column] ?? 0, y: rows[row] ?? 0 });
  const goal = { column: columns.indexOf(to.x), row: rows.indexOf(to.y) };
  const open: Stop[] = [{ column: columns.indexOf(from.x), row: rows.indexOf(from.y), across: !vertical, cost: 0, before: null }];
  const seen = new Set<number>();
  for (let stop = open.pop(); stop !== undefined; stop = open.pop()) {
    const { column, row, across } = stop;
    const key = 2 * (column * rows.length + row) + Number(across);
    if (seen.has(key)) continue;
    seen.add(key);
    if (column === goal.column && row === goal.row && across === !vertical) return corners(stop, at);
    for (const [right, down] of steps) {
      const next = { column: column + right, row: row + down };
      if (columns[next.column] === undefined || rows[next.row] === undefined) continue;
      const [a, b] = [at(stop), at(next)];
      const along = right !== 0;
      const near = (along ? level[row] : beside[column]) ?? [];
      if (near.some((card) => crosses(a, b, card, room))) continue;
      const length = Math.abs(b.x - a.x) + Math.abs(b.y - a.y);
      insert(open, { ...next, across: along, cost: stop.cost + length + (along === across ? 0 : turn), before: stop });
    }
    // It turns where it stands, to arrive as a wire does.
    if (column === goal.column && row === goal.row) insert(open, { ...stop, across: !across, cost: stop.cost + turn });
  }
  return null;
}

const steps = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

const sorted = (numbers: readonly number[]): readonly number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Whether a straight line comes nearer to a card than a way may. */
function crosses(a: Point, b: Point, { x, y, width, height }: Rect, room: number): boolean {
  return (
    Math.max(a.x, b.x) > x - room &&
    Math.min(a.x, b.x) < x + width + room &&
    Math.max(a.y, b.y) > y - room &&
    Math.min(a.y, b.y) < y + height + room
  );
}

/** Puts it where the dearer ones end: the cheapest is the last. */
function insert(open: Stop[], stop: Stop): void {
  let [low, high] = [0, open.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((open[middle]?.cost ?? 0) > stop.cost) low = middle + 1;
    else high = middle;
  }
  open.splice(low, 0, stop);
}

/** The way's two ends, and where it turns between them. */
function corners(last: Stop, at: (stop: Stop) => Point): readonly Point[] {
  const points: Point[] = [];
  for (let stop: Stop | null = last; stop !== null; stop = stop.before) points.unshift(at(stop));
  return points.filter((point, i) => {
    const [before, after] = [points[i - 1], points[i + 1]];
    if (!before || !after) return true;
    return !((before.x === point.x && point.x === after.x) || (before.y === point.y && point.y === after.y));
  });
}
