import { create } from 'zustand';

/** All, none or some of the items, by id. */
export type Which = 'all' | 'none' | ReadonlySet<string>;

export const isOf = (which: Which, id: string): boolean => which === 'all' || (which !== 'none' && which.has(id));

interface Detail {
  /** The zoom when it last stood still. */
  readonly zoom: number;
  /** Whether the canvas was near enough for cards when its zoom last stood still. */
  readonly near: boolean;
  /** The nodes that are cards; the others are blocks of colour. */
  readonly cards: Which;
  /** The wires that are drawn one by one, with their shapes; the others are seen from afar. */
  readonly wires: Which;
  /** Whether what is out of view is drawn too: where most of it is in view, a move would take away and make whole columns. */
  readonly whole: boolean;
  /** Whether there is something in view that waits for the end of a zoom to be drawn: meanwhile its outline is. */
  readonly waiting: boolean;
}

/** Below this zoom a card's text cannot be read, and its ports cannot be hit. */
export const nearZoom = 0.4;

/** Text on the screen is at least as large as this, px; that of a card, on the canvas, is `--text`, 13 px. */
const smallestText = 8;

/** Below this zoom cards show their names alone, larger: the rest could not be read. */
export const legibleZoom = smallestText / 13;

/** Below this zoom blocks out of view are drawn too. */
export const wholeZoom = 0.2;

/** Where everything is as it is to be at that zoom. */
export function atRest(zoom: number): Detail {
  const near = zoom >= nearZoom;
  return { zoom, near, cards: near ? 'all' : 'none', wires: near ? 'all' : 'none', whole: zoom < wholeZoom, waiting: false };
}

/** How much the canvas shows of what lies on it. Changed by `useDetailKeeper`. */
export const useDetail = create<Detail>(() => atRest(1));
