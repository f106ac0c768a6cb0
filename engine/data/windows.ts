import type { SplitSettings, WindowSettings } from '../document/data-binding.ts';
import type { SplitName } from '../document/split-names.ts';
import { chooseExamples, splitIds, splitNames } from './split.ts';

/** Rows `start … end - 1` of a series. */
export interface RowRange {
  readonly start: number;
  readonly end: number;
}

/** Consecutive rows of one series that are of one split. */
export interface Stretch extends RowRange {
  readonly split: SplitName;
}

/** One forecasting example, in rows of the whole series. */
export interface Window {
  readonly start: number;
  /** Row that is predicted. */
  readonly target: number;
}

export type BySplit<T> = Readonly<Record<(typeof splitNames)[number], T>>;

/**
 * The splits of a series, in time. Its rows for training are cut into training, then validation, then test, so that a forecast is
 * judged on what came later; other rows are of the split that the data names.
 *
 * @param given split of each row of all series `[N]`, of `splitIds`
 * @param shares that are cut from the rows for training
 */
export function stretchesOf(
  of: RowRange,
  given: ArrayLike<number>,
  shares: Pick<SplitSettings, 'validation' | 'test'>,
): readonly Stretch[] {
  let rows = 0;
  for (let row = of.start; row < of.end; row++) if (given[row] === splitIds.train) rows++;
  const trainEnd = Math.round(rows * Math.max(0, 1 - shares.validation - shares.test));
  const validationEnd = Math.max(trainEnd, Math.round(rows * (1 - shares.test)));
  const found: { split: SplitName; start: number; end: number }[] = [];
  let rank = 0;
  for (let row = of.start; row < of.end; row++) {
    let split = given[row] ?? splitIds.train;
    if (split === splitIds.train) {
      if (rank >= trainEnd) split = rank < validationEnd ? splitIds.validation : splitIds.test;
      rank++;
    }
    const name = splitNames[split] ?? 'train';
    const last = found.at(-1);
    if (last?.split === name) last.end = row + 1;
    else found.push({ split: name, start: row, end: row + 1 });
  }
  return found;
}

/**
 * Windows of each series that lie, target included, inside one stretch and hold no bad row.
 *
 * @param gaps bad rows, ascending
 * @returns `crossing` and `broken` count those that are left out: their target lies in a later split, or a row in them is bad
 */
export function cutWindows(
  series: readonly (readonly Stretch[])[],
  gaps: readonly number[],
  binding: { readonly window: WindowSettings; readonly split: Pick<SplitSettings, 'seed'>; readonly limit: number | null },
): { readonly windows: BySplit<readonly Window[]>; readonly crossing: number; readonly broken: number } {
  const { length, horizon, stride } = binding.window;
  const span = length + horizon;
  const windows: (Window & { readonly split: SplitName })[] = [];
  let broken = 0;
  let crossing = 0;
  let gap = 0;
  for (const { split, start, end, last } of series.flatMap((stretches) =>
    stretches.map((stretch) => ({ ...stretch, last: stretches.at(-1)?.end ?? 0 })),
  )) {
    for (let from = start; from < end && from + span <= last; from += stride) {
      while ((gaps[gap] ?? Number.POSITIVE_INFINITY) < from) gap++;
      if (from + span > end) crossing++;
      else if ((gaps[gap] ?? Number.POSITIVE_INFINITY) < from + span) broken++;
      else windows.push({ split, start: from, target: from + span - 1 });
    }
  }
  const chosen = Array.from(chooseExamples(windows.length, binding.limit, binding.split.seed), (i) => windows[i]);
  const inside = (split: SplitName): Window[] => chosen.filter((window) => window?.split === split) as Window[];
  return {
    windows: { train: inside('train'), validation: inside('validation'), test: inside('test') },
    crossing,
    broken,
  };
}
