import type { SplitSettings, WindowSettings } from '../document/data-binding.ts';
import { chooseExamples, splitNames } from './split.ts';

/** Rows `start … end - 1` of a series. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** One forecasting example, in rows of the whole series. */
export interface Window {
  readonly start: number;
  /** Row that is predicted. */
  readonly target: number;
}

export type BySplit<T> = Readonly<Record<(typeof splitNames)[number], T>>;

/** Training, then validation, then test, in time: a forecast is always judged on what came later. */
export function chronologicalSplits(of: RowRange, split: Pick<SplitSettings, 'validation' | 'test'>): BySplit<RowRange> {
  const rows = of.end - of.start;
  const trainEnd = of.start + Math.round(rows * Math.max(0, 1 - split.validation - split.test));
  const validationEnd = Math.max(trainEnd, of.start + Math.round(rows * (1 - split.test)));
  return {
    train: { start: of.start, end: trainEnd },
    validation: { start: trainEnd, end: validationEnd },
    test: { start: validationEnd, end: of.end },
  };
}

/**
 * Windows of each series that lie, target included, inside one split and hold no bad row.
 *
 * @param gaps bad rows, ascending
 * @returns `crossing` and `broken` count those that are left out: their target lies in a later split, or a row in them is bad
 */
export function cutWindows(
  series: readonly BySplit<RowRange>[],
  gaps: readonly number[],
  binding: { readonly window: WindowSettings; readonly split: Pick<SplitSettings, 'seed'>; readonly limit: number | null },
): { readonly windows: BySplit<readonly Window[]>; readonly crossing: number; readonly broken: number } {
  const { length, horizon, stride } = binding.window;
  const span = length + horizon;
  const windows: (Window & { readonly split: keyof BySplit<unknown> })[] = [];
  let broken = 0;
  let crossing = 0;
  let gap = 0;
  for (const { name, start, end, last } of series.flatMap((ranges) =>
    splitNames.map((name) => ({ name, ...ranges[name], last: ranges.test.end })),
  )) {
    for (let from = start; from < end && from + span <= last; from += stride) {
      while ((gaps[gap] ?? Number.POSITIVE_INFINITY) < from) gap++;
      if (from + span > end) crossing++;
      else if ((gaps[gap] ?? Number.POSITIVE_INFINITY) < from + span) broken++;
      else windows.push({ split: name, start: from, target: from + span - 1 });
    }
  }
  const chosen = Array.from(chooseExamples(windows.length, binding.limit, binding.split.seed), (i) => windows[i]);
  const inside = (split: keyof BySplit<unknown>): Window[] => chosen.filter((window) => window?.split === split) as Window[];
  return {
    windows: { train: inside('train'), validation: inside('validation'), test: inside('test') },
    crossing,
    broken,
  };
}
