import { useEffect } from 'react';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { sameItems } from '../../engine/shapes/same-items.ts';
import type { FlowNode } from './flow-items.ts';
import { cardSize } from './make-room.ts';
import { whenIdle } from './when-idle.ts';
import { type WireRun, wireRuns } from './wire-curves.ts';
import { type Point, type Rect, wireThrough } from './wire-geometry.ts';
import { wayAround } from './wire-way.ts';
import { useWays, type Way } from './wire-ways.ts';

/** A wire that only touches a card's edge is not behind it, px. */
const edge = 3;
/** How far beside a wire it may be led, px. */
const beside = 260;
/** Cards are looked for in squares of this size, px. */
const square = 400;

interface Card extends Rect {
  readonly id: string;
}

/** What was found last of a wire, and of which ends and cards. */
interface Known {
  readonly parts: readonly (number | string)[];
  readonly way: Way | null;
}
const known = new WeakMap<GraphEdge, Known>();

/** Finds the ways of all wires that lie behind cards, a wire at a time. */
export function* findWays(edges: readonly GraphEdge[], nodes: readonly FlowNode[]): Generator<void, ReadonlyMap<string, Way>> {
  const cards = new Squares(nodes.filter(({ type }) => type === 'layer').map(cardOf));
  const edgeOf = new Map(edges.map((one) => [one.id, one]));
  const ways = new Map<string, Way>();
  for (const run of wireRuns(edges, new Map(nodes.map((node) => [node.id, node])))) {
    const way = hidden(run, cards) ? foundOnce(edgeOf.get(run.id), run, cards, ways.size) : null;
    if (way) ways.set(run.id, way);
    yield;
  }
  return ways;
}

const cardOf = ({ id, position, measured }: FlowNode): Card => ({
  id,
  ...position,
  width: measured?.width ?? cardSize.width,
  height: measured?.height ?? cardSize.height,
});

/** Whether it lies behind a card without corners. */
function hidden({ source, target, ...run }: WireRun, cards: Squares): boolean {
  const plain = { ...run, way: undefined };
  return cards.in(around(run, 0)).some(({ id, x, y, width, height }) => {
    if (id === source || id === target) return false;
    return wireThrough([plain], { x: x + edge, y: y + edge, width: width - 2 * edge, height: height - 2 * edge }) !== null;
  });
}

function foundOnce(edge: GraphEdge | undefined, run: WireRun, cards: Squares, number: number): Way | null {
  if (edge === undefined) return null;
  const near = cards.in(around(run, beside));
  const { start, end } = run;
  const parts = [start.x, start.y, end.x, end.y, ...near.flatMap(({ x, y, width, height }) => [x, y, width, height])];
  const before = known.get(edge);
  if (before && sameItems(before.parts, parts)) return before.way;
  const corners = wayAround(run, near, number);
  const way = corners && { start, end, corners };
  known.set(edge, { parts, way });
  return way;
}

/** The box around a wire's ends. */
function around({ start, end }: { readonly start: Point; readonly end: Point }, room: number): Rect {
  const [x, y] = [Math.min(start.x, end.x) - room, Math.min(start.y, end.y) - room];
  return { x, y, width: Math.abs(end.x - start.x) + 2 * room, height: Math.abs(end.y - start.y) + 2 * room };
}

/** Cards by the squares that they lie in. */
class Squares {
  readonly #cards = new Map<string, Card[]>();

  constructor(cards: readonly Card[]) {
    for (const card of cards)
      for (const key of keys(card)) {
        const there = this.#cards.get(key);
        if (there) there.push(card);
        else this.#cards.set(key, [card]);
      }
  }

  /** Those that a rectangle meets. */
  in(rect: Rect): readonly Card[] {
    const found = new Set([...keys(rect)].flatMap((key) => this.#cards.get(key) ?? []));
    return [...found].filter(
      ({ x, y, width, height }) =>
        x <= rect.x + rect.width && x + width >= rect.x && y <= rect.y + rect.height && y + height >= rect.y,
    );
  }
}

function* keys({ x, y, width, height }: Rect): Generator<string> {
  for (let column = Math.floor(x / square); column <= Math.floor((x + width) / square); column++)
    for (let row = Math.floor(y / square); row <= Math.floor((y + height) / square); row++) yield `${column} ${row}`;
}

/** Leads wires around cards whenever all of them lie still, while there is nothing else to do. */
export function useWaysKeeper(edges: readonly GraphEdge[], nodes: readonly FlowNode[], still: boolean): void {
  useEffect(() => {
    if (!still) return undefined;
    return whenIdle(findWays(edges, nodes), (ways) => {
      const before = useWays.getState().ways;
      const same = before.size === ways.size && [...ways].every(([id, way]) => before.get(id) === way);
      if (!same) useWays.setState({ ways });
    });
  }, [edges, nodes, still]);
}
