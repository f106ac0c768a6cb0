import type { SettingRange, SettingValue } from '../../engine/document/sweep-settings.ts';
import { axisOf } from '../../engine/graph/sweep/axis.ts';

/** One vertical axis: a setting, or the result. */
export interface PlotAxis {
  readonly title: string;
  /** Labels at places from 0 (bottom) to 1 (top). */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  /** Where a value lies; `null` where it has no place. */
  place(value: SettingValue): number | null;
}

/** Steps of a range that are all written at its axis. */
const mostSteps = 9;

/** An axis of numbers between two, or of the values that were tried. */
export function settingAxis(
  title: string,
  range: SettingRange,
  tried: readonly SettingValue[],
  text: (value: SettingValue) => string,
): PlotAxis {
  if (range.kind !== 'choices') {
    const axis = numberAxis(title, range.from, range.to, range.kind === 'log', text);
    const steps = axisOf(range, tried.length > 0 && tried.every((value) => Number.isInteger(value)));
    if (steps.kind === 'between' || steps.values.length > mostSteps) return axis;
    return { ...axis, ticks: steps.values.flatMap((value) => ({ at: axis.place(value) ?? 0, label: text(value) })) };
  }
  const values = [...new Set([...range.values, ...tried])];
  const at = (index: number): number => (values.length === 1 ? 0.5 : index / (values.length - 1));
  return {
    title,
    ticks: values.map((value, index) => ({ at: at(index), label: text(value) })),
    place: (value) => (values.includes(value) ? at(values.indexOf(value)) : null),
  };
}

/** @param log whether equal factors are equally far apart; both ends are then above 0 */
export function numberAxis(
  title: string,
  from: number,
  to: number,
  log: boolean,
  text: (value: number) => string,
  ticks = 4,
): PlotAxis {
  const scale = log ? Math.log : (value: number): number => value;
  const back = log ? Math.exp : (value: number): number => value;
  const [low, high] = [scale(from), scale(to)];
  const parts = high === low ? [0.5] : Array.from({ length: ticks + 1 }, (_, i) => i / ticks);
  return {
    title,
    ticks: parts.map((at) => ({ at, label: text(high === low ? from : Number(back(low + at * (high - low)).toPrecision(3))) })),
    place(value) {
      if (typeof value !== 'number' || !Number.isFinite(value)) return null;
      if (high === low) return 0.5;
      const at = (scale(value) - low) / (high - low);
      return Number.isFinite(at) ? Math.min(1, Math.max(0, at)) : null;
    },
  };
}

/** A part of an axis that lines have to go through, from bottom to top. */
export interface Brush {
  readonly from: number;
  readonly to: number;
}

/** Whether a line goes through every brush. @param places one for each axis */
export const isWithin = (places: readonly (number | null)[], brushes: ReadonlyMap<number, Brush>): boolean =>
  [...brushes].every(([axis, { from, to }]) => {
    const place = places[axis] ?? null;
    return place !== null && place >= from - 1e-9 && place <= to + 1e-9;
  });

/** A smooth line through its places; it breaks where one has none. @param xs of the axes, px; @param y of a place, px */
export function linePath(places: readonly (number | null)[], xs: readonly number[], y: (place: number) => number): string {
  let path = '';
  let last: { readonly x: number; readonly y: number } | null = null;
  for (const [i, place] of places.entries()) {
    if (place === null) {
      last = null;
      continue;
    }
    const now = { x: xs[i] ?? 0, y: y(place) };
    const middle = last === null ? 0 : (last.x + now.x) / 2;
    path += last === null ? `M${now.x},${now.y}` : `C${middle},${last.y} ${middle},${now.y} ${now.x},${now.y}`;
    last = now;
  }
  return path;
}
