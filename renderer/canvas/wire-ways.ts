import { create } from 'zustand';
import type { Point, WireCurve } from './wire-geometry.ts';

/** A wire's corners, while its ends are where they were. */
export interface Way {
  readonly start: Point;
  readonly end: Point;
  readonly corners: readonly Point[];
}

/** The ways of the wires that would lie behind cards, by wire. Found when nothing is moved: whoever moves a card sees its wires follow it. */
export const useWays = create<{ readonly ways: ReadonlyMap<string, Way> }>(() => ({ ways: new Map() }));

export const isAt = (a: Point, b: Point): boolean => Math.abs(a.x - b.x) < 0.6 && Math.abs(a.y - b.y) < 0.6;

/** The corners of a wire with these ends; `null`: it has none. */
export const wayBetween = (way: Way | null | undefined, start: Point, end: Point): readonly Point[] | null =>
  way && isAt(way.start, start) && isAt(way.end, end) ? way.corners : null;

/** The same of the ways that are known now. */
export const wayOf = ({ id, start, end }: WireCurve): readonly Point[] | null =>
  wayBetween(useWays.getState().ways.get(id), start, end);
