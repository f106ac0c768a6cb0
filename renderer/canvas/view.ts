import type { Viewport } from '@xyflow/react';
import { legibleZoom } from './detail-store.ts';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** In graph units, or in pixels of the window. */
export interface Rect extends Size {
  readonly x: number;
  readonly y: number;
}

export const largestZoom = 1.1;
export const smallestZoom = 0.1;
/** Nearest that a person can go; what is fitted is shown no larger than `largestZoom`. */
export const nearestZoom = 3;
/** Text that a graph opens with is at least as high, px. */
const readable = 11;
/** Pixels kept free around a graph that is fitted. */
const margin = 24;

const clamp = (value: number, low: number, high: number): number => Math.max(low, Math.min(high, value));

/** The viewport that shows all of `bounds` in the middle of the pane. */
export function wholeView(pane: Size, bounds: Rect): Viewport {
  const room = (length: number): number => length - 2 * Math.min(margin, length / 8);
  const zoom = clamp(Math.min(room(pane.width) / bounds.width, room(pane.height) / bounds.height), smallestZoom, largestZoom);
  return {
    x: (pane.width - bounds.width * zoom) / 2 - bounds.x * zoom,
    y: (pane.height - bounds.height * zoom) / 2 - bounds.y * zoom,
    zoom,
  };
}

/** The viewport so many times nearer, the middle of the pane staying where it is. */
export function nearerView({ x, y, zoom }: Viewport, pane: Size, times: number): Viewport {
  const next = clamp(zoom * times, smallestZoom, nearestZoom);
  const about = (middle: number, at: number): number => middle - ((middle - at) * next) / zoom;
  return { x: about(pane.width / 2, x), y: about(pane.height / 2, y), zoom: next };
}

/**
 * What a graph that opens shows: all of it where that can be read, otherwise the part that begins at its input.
 *
 * @param start what the data enters by
 * @param text size of its smallest text, px: on the canvas all of it is `--text`
 * @param least how high that must be on the screen for all of the graph to be shown, px
 */
export function openingView(pane: Size, bounds: Rect, start: Rect, text = 13, least = readable): Viewport {
  const whole = wholeView(pane, bounds);
  if (whole.zoom * text >= least) return whole;
  const zoom = readable / text;
  // The way that all fits in is centred; otherwise the input is at the left, or half-way down, with nothing empty above or below it.
  const x =
    bounds.width * zoom <= pane.width - 2 * margin
      ? (pane.width - bounds.width * zoom) / 2 - bounds.x * zoom
      : margin - start.x * zoom;
  const y =
    bounds.height * zoom <= pane.height - 2 * margin
      ? (pane.height - bounds.height * zoom) / 2 - bounds.y * zoom
      : clamp(
          (pane.height - start.height * zoom) / 2 - start.y * zoom,
          pane.height - margin - (bounds.y + bounds.height) * zoom,
          margin - bounds.y * zoom,
        );
  return { x, y, zoom };
}

/** Of views of ever fewer nodes the first that is near enough to look at their cards; where none is, the nearest. */
export function viewToLookAt([first, ...fewer]: readonly [Viewport, ...Viewport[]]): Viewport {
  const views = [first, ...fewer];
  const near = views.find(({ zoom }) => zoom >= legibleZoom);
  return near ?? views.reduce((nearest, view) => (view.zoom > nearest.zoom ? view : nearest));
}

/** The viewport moved no further than it takes to have all of a place in view; the same one where it is. */
export function viewOf(view: Viewport, pane: Size, place: Rect): Viewport {
  const along = (start: number, length: number, room: number): number =>
    Math.max(Math.min(start, room - Math.min(margin, (room - length) / 2) - length), Math.min(margin, (room - length) / 2));
  const [left, top] = [place.x * view.zoom + view.x, place.y * view.zoom + view.y];
  const moved = {
    x: view.x + along(left, place.width * view.zoom, pane.width) - left,
    y: view.y + along(top, place.height * view.zoom, pane.height) - top,
  };
  return moved.x === view.x && moved.y === view.y ? view : { ...moved, zoom: view.zoom };
}

/** What stays in view is not made smaller than this for it, unless it was: nobody could tell what it is. */
const leastKept = 0.3;
/** Pixels left beside what would touch the pane's edge. */
const gap = 12;

/**
 * The viewport after the pane has changed its size or place: nothing moves on the screen that can stay there, and what was in view
 * stays in view, smaller where it must be, as long as that can be made out.
 *
 * @param view the viewport before
 * @param before the pane before, in pixels of the window
 * @param after the pane now
 * @param seen bounds of what was wholly in view, in graph units; `null` when nothing was
 */
export function keepInView(view: Viewport, before: Rect, after: Rect, seen: Rect | null): Viewport {
  const still = { x: view.x + before.x - after.x, y: view.y + before.y - after.y, zoom: view.zoom };
  if (seen === null) return still;
  const left = seen.x * view.zoom + still.x;
  const top = seen.y * view.zoom + still.y;
  const zoom = Math.min(
    view.zoom,
    Math.max(
      view.zoom < leastKept ? smallestZoom : leastKept,
      Math.min((after.width - 2 * gap) / Math.max(1, seen.width), (after.height - 2 * gap) / Math.max(1, seen.height)),
    ),
  );
  // What gets smaller moves anyway: to the middle.
  const place = (start: number, length: number, room: number): number => {
    if (zoom !== view.zoom) return Math.max(gap, (room - length) / 2);
    return start >= 0 && start + length <= room ? start : Math.max(gap, Math.min(start, room - gap - length));
  };
  return {
    x: place(left, seen.width * zoom, after.width) - seen.x * zoom,
    y: place(top, seen.height * zoom, after.height) - seen.y * zoom,
    zoom,
  };
}
