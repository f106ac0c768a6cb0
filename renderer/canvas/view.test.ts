import { expect, it } from 'vitest';
import { keepInView, nearerView, openingView, viewOf, viewToLookAt, wholeView } from './view.ts';

const pane = { width: 800, height: 600 };
const node = { x: 0, y: 0, width: 178, height: 62 };

it('goes nearer about the middle, as far as it may', () => {
  const view = { x: 100, y: -40, zoom: 0.5 };
  const pane = { width: 800, height: 600 };
  const next = nearerView(view, pane, 1.2);
  expect(next.zoom).toBeCloseTo(0.6);
  const inGraph = ({ x, y, zoom }: typeof view) => [(400 - x) / zoom, (300 - y) / zoom];
  expect(inGraph(next)[0]).toBeCloseTo(inGraph(view)[0] ?? 0);
  expect(inGraph(next)[1]).toBeCloseTo(inGraph(view)[1] ?? 0);
  expect(nearerView(view, pane, 100).zoom).toBe(3);
  expect(nearerView(view, pane, 0.01).zoom).toBe(0.1);
});

it('centres what is fitted in the pane, as large as it may be', () => {
  expect(wholeView(pane, { x: 100, y: 50, width: 200, height: 100 })).toEqual({ x: 180, y: 190, zoom: 1.1 });
  // 1504 units on 752 of 800 pixels; 100 · ½ px high, so 275 px above it.
  expect(wholeView(pane, { x: -100, y: 0, width: 1504, height: 100 })).toEqual({ x: 74, y: 275, zoom: 0.5 });
});

it('opens a graph whole where it can be read', () => {
  const bounds = { x: 0, y: 0, width: 720, height: 300 };
  expect(openingView(pane, bounds, node)).toEqual(wholeView(pane, bounds));
});

it('opens a wide graph at its input, with text of 11 px, in the middle of the height', () => {
  const view = openingView(pane, { x: 22, y: 0, width: 2000, height: 120 }, { ...node, x: 22 });
  expect(view.zoom * 13).toBe(11);
  expect(22 * view.zoom + view.x).toBeCloseTo(24);
  expect(60 * view.zoom + view.y).toBeCloseTo(300);
});

it('opens a graph that is too high with its input half-way down', () => {
  const view = openingView(pane, { x: 0, y: 0, width: 178, height: 3000 }, { ...node, y: 1000 });
  expect((1000 + 31) * view.zoom + view.y).toBeCloseTo(300);
  expect(89 * view.zoom + view.x).toBeCloseTo(400);
  // At its upper or lower end, there is nothing above or below to be shown.
  const [top, bottom] = [0, 3000 - 62].map((y) => openingView(pane, { x: 0, y: 0, width: 178, height: 3000 }, { ...node, y }));
  expect(top?.y).toBeCloseTo(24);
  expect(3000 * view.zoom + (bottom?.y ?? 0)).toBeCloseTo(600 - 24);
});

it('opens whole what may be shown smaller', () => {
  const bounds = { x: 0, y: 0, width: 1000, height: 120 };
  // 752 of 1000 px: text of 9 px.
  expect(openingView(pane, bounds, node, 12, 8)).toEqual(wholeView(pane, bounds));
  expect(openingView(pane, bounds, node, 12, 10).zoom * 12).toBe(11);
});

it('opens what has smaller text nearer', () => {
  expect(openingView(pane, { x: 0, y: 0, width: 2000, height: 120 }, node, 12).zoom * 12).toBe(11);
});

const before = { x: 216, y: 80, width: 800, height: 600 };
const view = { x: 20, y: 30, zoom: 1 };
const seen = { x: 0, y: 0, width: 700, height: 500 };

it('leaves everything where it is on the screen when the pane grows', () => {
  const grown = { x: 0, y: 80, width: 1016, height: 700 };
  expect(keepInView(view, before, grown, seen)).toEqual({ x: 236, y: 30, zoom: 1 });
  expect(keepInView(view, before, grown, null)).toEqual({ x: 236, y: 30, zoom: 1 });
});

it('moves what a smaller pane would cut, and no more than that', () => {
  // From 100 to 700 px: now it ends 12 px before the pane does.
  const right = { ...before, width: 695 };
  expect(keepInView(view, before, right, { ...seen, x: 80, width: 600 })).toEqual({ x: 3, y: 30, zoom: 1 });
  expect(keepInView(view, before, { ...before, width: 700 }, { ...seen, x: 80, width: 600 })).toEqual(view);
  const left = { ...before, x: 266, width: 750 };
  expect(keepInView(view, before, left, seen)).toEqual({ x: 12, y: 30, zoom: 1 });
});

it('shows what cannot be made out any more no smaller, from its upper edge', () => {
  expect(keepInView(view, before, { ...before, height: 60 }, seen)).toEqual({ x: 295, y: 12, zoom: 0.3 });
});

it('shows what does not fit any more smaller, all of it, in the middle', () => {
  const half = { ...before, height: 274 };
  expect(keepInView(view, before, half, seen)).toEqual({ x: 225, y: 12, zoom: 0.5 });
});

it('leaves room at the edge beside what has to become smaller', () => {
  // 704 units on 418 of 442 px, from 24 px on they would end at the very edge.
  const narrow = { ...before, width: 442 };
  const { x, zoom } = keepInView({ x: 24, y: 200, zoom: 0.7 }, { ...before, width: 640 }, narrow, {
    ...seen,
    width: 704,
    height: 150,
  });
  expect([x, x + 704 * zoom]).toEqual([12, 430]);
});

it('moves no further than it takes to see a place, and not at all where it is seen', () => {
  const view = { x: 10, y: 20, zoom: 2 };
  expect(viewOf(view, pane, { x: 50, y: 50, width: 178, height: 62 })).toBe(view);
  // Its right edge is at 10 + 2 · (300 + 178) = 966 px: 190 px too far for a margin of 24.
  expect(viewOf(view, pane, { x: 300, y: 50, width: 178, height: 62 })).toEqual({ x: -180, y: 20, zoom: 2 });
  expect(viewOf(view, pane, { x: 50, y: -50, width: 178, height: 62 })).toEqual({ x: 10, y: 124, zoom: 2 });
  // Larger than the pane: its middle is seen.
  expect(viewOf(view, pane, { x: 0, y: 50, width: 500, height: 62 }).x).toBe(-100);
});

it('makes what was in view smaller below 30 % too, where the user looked from that far', () => {
  const before = { x: 0, y: 0, width: 800, height: 600 };
  const seen = { x: 0, y: 0, width: 3000, height: 1000 };
  const after = { ...before, width: 624 };
  // 3000 units on 624 px less 12 on either side.
  expect(keepInView({ x: 50, y: 50, zoom: 0.25 }, before, after, seen)).toEqual({ x: 12, y: 200, zoom: 0.2 });
  expect(keepInView({ x: 0, y: 50, zoom: 0.25 }, before, { ...before, width: 100 }, seen).zoom).toBe(0.1);
});

it('looks at as many nodes as there is room for with cards that can be told apart, else from as near as it can', () => {
  const [far, near, nearer] = [0.42, 0.7, 1.1].map((zoom) => ({ x: 0, y: 0, zoom })) as [View, View, View];
  expect(viewToLookAt([far, near, nearer])).toBe(near);
  expect(viewToLookAt([near, nearer])).toBe(near);
  expect(viewToLookAt([{ ...far, zoom: 0.2 }, { ...far, zoom: 0.3 }, far])).toBe(far);
});
type View = Parameters<typeof viewToLookAt>[0][0];
