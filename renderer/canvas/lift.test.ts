import { beforeEach, expect, it, vi } from 'vitest';
import { useDrawn } from './drawn-store.ts';
import { commonShift, liftedPlace, liftTo, putDown } from './lift.ts';

const places = (...all: readonly [id: string, x: number, y: number][]) => new Map(all.map(([id, x, y]) => [id, { x, y }]));
const near = [0, 0, 1];
const drawn = () => {
  const { dragged, shift } = useDrawn.getState();
  return { dragged, shift };
};

beforeEach(() => {
  vi.stubGlobal('document', { getElementsByClassName: () => [] });
  putDown();
});

it('shifts nodes that move alike, and places anew those that do not', () => {
  const first = places(['a', 10, 10], ['b', 50, 0]);
  liftTo(first, near);
  expect(drawn()).toEqual({ dragged: first, shift: { x: 0, y: 0 } });
  liftTo(places(['a', 21, 32], ['b', 61, 22]), near);
  expect(drawn()).toEqual({ dragged: first, shift: { x: 11, y: 22 } });
  expect([liftedPlace('b'), liftedPlace('c')]).toEqual([{ x: 61, y: 22 }, undefined]);
  const apart = places(['a', 21, 32], ['b', 60, 22]);
  liftTo(apart, near);
  expect(drawn()).toEqual({ dragged: apart, shift: { x: 0, y: 0 } });
  putDown();
  expect(drawn()).toEqual({ dragged: new Map(), shift: { x: 0, y: 0 } });
});

it('places anew when the view moves under the drag, as React Flow draws only what lies in it', () => {
  liftTo(places(['a', 0, 0]), near);
  liftTo(places(['a', 11, 0]), [-11, 0, 1]);
  expect(drawn()).toEqual({ dragged: places(['a', 11, 0]), shift: { x: 0, y: 0 } });
});

it('places many anew when more of them may have come into view: near by after 150 pixels, from afar all are drawn', () => {
  const many = (x: number) => places(['a', x, 0], ['b', x, 9]);
  const shiftAfter = (x: number, zoom: number, at = many): number => {
    putDown();
    liftTo(at(0), [0, 0, zoom]);
    liftTo(at(x), [0, 0, zoom]);
    return useDrawn.getState().shift.x;
  };
  expect([shiftAfter(300, 0.5), shiftAfter(301, 0.5), shiftAfter(-301, 0.5), shiftAfter(5000, 0.1)]).toEqual([300, 0, 0, 5000]);
  expect(shiftAfter(301, 0.5, (x) => places(['a', x, 0]))).toBe(301);
});

it.each([
  ['a node more', places(['a', 0, 0]), places(['a', 0, 0], ['b', 0, 0])],
  ['another node', places(['a', 0, 0]), places(['b', 0, 0])],
])('finds no common shift with %s', (_, from, to) => {
  expect(commonShift(from, to)).toBe(null);
});
