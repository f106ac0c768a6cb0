import type { SettingRange, SettingValue } from '../../document/sweep-settings.ts';
import { Random } from '../../random.ts';

/** The values of one varied setting: a list in order, or every number between two. */
export type Axis =
  | { readonly kind: 'list'; readonly values: readonly SettingValue[] }
  | { readonly kind: 'between'; readonly from: number; readonly to: number; readonly log: boolean; readonly integer: boolean };

/** Above it a range is no list: it is drawn from. */
const longestList = 100_000;
/** Digits that a drawn number has: enough to tell trials apart, few enough to read. */
const drawnDigits = 4;

/** @param integer whether the setting takes whole numbers alone */
export function axisOf(range: SettingRange, integer: boolean): Axis {
  if (range.kind === 'choices') return { kind: 'list', values: range.values };
  const { from, to } = range;
  if (from === to) return { kind: 'list', values: [from] };
  const log = range.kind === 'log';
  const step = range.step ?? (integer && !log ? 1 : undefined);
  const between = { kind: 'between', from, to, log, integer } as const;
  if (step === undefined) return between;
  // A last point that rounding puts a hair beyond the end belongs to the range.
  const last = Math.floor((log ? Math.log(to / from) / Math.log(step) : (to - from) / step) + 1e-9);
  if (!(last < longestList)) return between;
  const exact = Array.from({ length: last + 1 }, (_, i) => (log ? from * step ** i : from + step * i));
  const values = exact.map((value) => (integer ? Math.round(value) : Number(value.toPrecision(12))));
  return { kind: 'list', values: [...new Set(values)] };
}

/** Combinations that there are; `null` where a range has no steps. */
export const combinations = (axes: readonly Axis[]): number | null =>
  axes.reduce<number | null>(
    (product, axis) => (product === null || axis.kind === 'between' ? null : product * axis.values.length),
    1,
  );

/**
 * A combination by its number, the last setting changing fastest.
 *
 * @returns `null` beyond the last, and where a range has no steps
 */
export function gridPoint(axes: readonly Axis[], index: number): SettingValue[] | null {
  const all = combinations(axes);
  if (all === null || index < 0 || index >= all) return null;
  let rest = index;
  const point: SettingValue[] = [];
  for (const axis of axes.toReversed()) {
    const values = axis.kind === 'list' ? axis.values : [];
    point.unshift(values[rest % values.length] ?? null);
    rest = Math.floor(rest / values.length);
  }
  return point;
}

/**
 * The first combinations of a random search, none twice: the same seed draws the same, and more of them begin with the same ones.
 *
 * @returns fewer than asked for where there are no more
 */
export function randomPoints(axes: readonly Axis[], seed: number, count: number): SettingValue[][] {
  const all = combinations(axes);
  if (all !== null && all <= longestList) {
    const order = new Random(seed, 'sweep').shuffle(Uint32Array.from({ length: all }, (_, index) => index));
    return [...order.subarray(0, count)].flatMap((index) => [gridPoint(axes, index) ?? []]);
  }
  const points = new Map<string, SettingValue[]>();
  for (let number = 0; points.size < count; number++) {
    const random = new Random(seed, `sweep ${number}`);
    const point = axes.map((axis) => draw(axis, random));
    points.set(JSON.stringify(point), point);
    // Rounding may leave a narrow range with fewer numbers than are asked for.
    if (number > 20 * count + 1000) break;
  }
  return [...points.values()];
}

function draw(axis: Axis, random: Random): SettingValue {
  if (axis.kind === 'list') return axis.values[random.below(axis.values.length)] ?? null;
  const { from, to, log, integer } = axis;
  const end = integer ? to + 1 : to;
  const part = random.uniform();
  const value = log ? Math.exp(Math.log(from) + part * Math.log(end / from)) : from + part * (end - from);
  return roundedTo(axis, integer ? Math.floor(value) : value);
}

/** A drawn number as it is tried: of few digits, and nowhere beyond the ends. */
export function roundedTo({ from, to, integer }: Extract<Axis, { kind: 'between' }>, value: number): number {
  const rounded = integer ? Math.round(value) : Number(value.toPrecision(drawnDigits));
  return Math.min(to, Math.max(from, rounded));
}
