/** Beside and below the map, px: numbers of units, names of steps. */
export const gutter = { left: 44, bottom: 24 } as const;

/** Sizes of one number on the screen, px: what can still be pointed at, and what is enough. */
const least = { width: 12, height: 3 } as const;
const most = { width: 96, height: 22 } as const;

export interface Geometry {
  readonly steps: number;
  readonly units: number;
  /** Of one number, px. */
  readonly width: number;
  readonly height: number;
  /** Of all with their gutters, px: what scrolls. */
  readonly whole: { readonly width: number; readonly height: number };
}

/** As large as the room allows; what does not fit scrolls. */
export function geometryOf(steps: number, units: number, room: { readonly width: number; readonly height: number }): Geometry {
  const fitted = (size: number, count: number, low: number, high: number): number =>
    Math.min(high, Math.max(low, size / Math.max(1, count)));
  const width = fitted(room.width - gutter.left, steps, least.width, most.width);
  const height = fitted(room.height - gutter.bottom, units, least.height, most.height);
  return {
    steps,
    units,
    width,
    height,
    // Down to whole pixels: what fits exactly must not scroll by a rounding.
    whole: { width: Math.floor(gutter.left + steps * width), height: Math.floor(gutter.bottom + units * height) },
  };
}

export interface Cell {
  readonly step: number;
  /** From the top, in the order that is drawn. */
  readonly row: number;
}

/** The number under a point of the view, px from its corner; `null` beside the map. */
export function cellUnder(
  { steps, units, width, height }: Geometry,
  point: { readonly x: number; readonly y: number },
  scroll: { readonly left: number; readonly top: number },
): Cell | null {
  const step = Math.floor((point.x - gutter.left + scroll.left) / width);
  const row = Math.floor((point.y + scroll.top) / height);
  const inside = point.x >= gutter.left && step >= 0 && step < steps && row >= 0 && row < units;
  return inside ? { step, row } : null;
}

/** How far one side of a view of so much room must be scrolled for what starts there to be seen; as it is where it is seen already. */
export const scrollInto = (start: number, size: number, room: number, now: number): number =>
  start < now ? start : start + size > now + room ? start + size - room : now;

/** How far a view must be scrolled for a number to be seen; as it is where it is seen already. */
export function scrollFor(
  { width, height }: Geometry,
  { step, row }: Cell,
  view: { readonly width: number; readonly height: number },
  scroll: { readonly left: number; readonly top: number },
): { readonly left: number; readonly top: number } {
  return {
    left: scrollInto(step * width, width, view.width - gutter.left, scroll.left),
    top: scrollInto(row * height, height, view.height - gutter.bottom, scroll.top),
  };
}

/** Every how many labels one is shown so that they do not touch. */
export const labelStride = (size: number, room: number): number => Math.max(1, Math.ceil(room / size));
