import { useEffect } from 'react';
import type { GraphEdge } from '../../engine/document/schema.ts';
import { whenIdle } from '../ui/when-idle.ts';
import type { FlowNode } from './flow-items.ts';
import { cardSize } from './make-room.ts';
import { type WireRun, wireRuns } from './wire-curves.ts';
import { type Point, type Rect, wireThrough } from './wire-geometry.ts';
import { wayAround } from './wire-way.ts';
import { isAt, useWays, type Way } from './wire-ways.ts';

/** A wire that only touches a card's edge is not behind it, px. */
const edge = 3;
/** How far beside a wire it may be led, px. */
const beside = 260;
/** Cards are looked for in squares of this size, px. */
const square = 400;

interface Card extends Rect {
  readonly id: string;
}

/** What was found, and of which cards. */
interface Found {
  readonly edges: readonly GraphEdge[];
  readonly cards: ReadonlyMap<string, Card>;
  /** Of each wire between these ends; `null` where it lies behind nothing, or there is no way. */
  readonly wires: ReadonlyMap<string, { readonly start: Point; readonly end: Point; readonly way: Way | null }>;
}

/**
 * Finds the ways of all wires that lie behind cards, a wire at a time.
 *
 * @param before what was found before: it holds where no card has come or gone
 */
export function* findWays(
  edges: readonly GraphEdge[],
  nodes: readonly FlowNode[],
  before: Found | null = null,
): Generator<void, Found> {
  const cards = cardsOf(nodes);
  const squares = new Squares([...cards.values()]);
  const moved = before && new Squares(movedBetween(before.cards, cards));
  const wires = new Map<string, { start: Point; end: Point; way: Way | null }>();
  for (const run of wireRuns(edges, new Map(nodes.map((node) => [node.id, node])))) {
    const { id, start, end } = run;
    const old = before?.wires.get(id);
    const holds = moved && old && isAt(old.start, start) && isAt(old.end, end) && !moved.any(around(run, beside));
    wires.set(id, { start, end, way: holds ? old.way : wayOf(run, squares, wires.size) });
    yield;
  }
  return { edges, cards, wires };
}

/** The ways that there are. */
export const waysOf = ({ wires }: Found): ReadonlyMap<string, Way> =>
  new Map([...wires].flatMap(([id, { way }]) => (way === null ? [] : [[id, way]])));

const cardsOf = (nodes: readonly FlowNode[]): ReadonlyMap<string, Card> =>
  new Map(
    nodes
      .filter(({ type }) => type === 'layer')
      .map(({ id, position, measured }) => {
        const { width, height } = { ...cardSize, ...measured };
        return [id, { id, ...position, width, height }];
      }),
  );

const isSame = (a: Card | undefined, b: Card | undefined): boolean =>
  a?.x === b?.x && a?.y === b?.y && a?.width === b?.width && a?.height === b?.height;

/** Where cards have gone from, and where they have come to. */
const movedBetween = (before: Found['cards'], now: Found['cards']): readonly Card[] => [
  ...[...before.values()].filter((card) => !isSame(card, now.get(card.id))),
  ...[...now.values()].filter((card) => !isSame(card, before.get(card.id))),
];

/** A way for a wire that lies behind a card, and for a cell's that would have to turn back as its layer stands below it. */
function wayOf(run: WireRun, cards: Squares, number: number): Way | null {
  const { start, end, source, target } = run;
  const plain = { ...run, way: undefined };
  const hidden = cards.in(around(run, 0)).some(({ id, x, y, width, height }) => {
    if (id === source || id === target) return false;
    return wireThrough([plain], { x: x + edge, y: y + edge, width: width - 2 * edge, height: height - 2 * edge }) !== null;
  });
  const back = run.vertical && end.y > start.y;
  const corners = hidden || back ? wayAround(run, cards.in(around(run, beside)), number) : null;
  return corners && { start, end, corners };
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

  /** Whether a rectangle meets one. */
  any(rect: Rect): boolean {
    return this.#cards.size > 0 && this.in(rect).length > 0;
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

let last: Found | null = null;

/** Leads wires around cards whenever all of them lie still, while there is nothing else to do. */
export function useWaysKeeper(edges: readonly GraphEdge[], nodes: readonly FlowNode[], still: boolean): void {
  useEffect(() => {
    if (!still || (last?.edges === edges && movedBetween(last.cards, cardsOf(nodes)).length === 0)) return undefined;
    return whenIdle(findWays(edges, nodes, last), (found) => {
      last = found;
      const [before, ways] = [useWays.getState().ways, waysOf(found)];
      const same = before.size === ways.size && [...ways].every(([id, way]) => before.get(id) === way);
      if (!same) useWays.setState({ ways });
    });
  }, [edges, nodes, still]);
}
