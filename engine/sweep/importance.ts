import type { SettingValue } from '../document/sweep-settings.ts';

/** A finished trial: its values, and what it gave. */
export interface Scored {
  readonly values: readonly SettingValue[];
  readonly value: number;
}

/**
 * The share of the results' variance that each setting explains alone: ε² = (SS_between − (k − 1) · MS_within) / SS_total, not below 0
 * (Kelley 1935), over the setting's values, or over equally filled ranges of them where nearly every trial has another number. Interactions
 * of settings count for none of them.
 *
 * @param settings how many there are
 * @returns `null` for a setting of which too few trials share a value, and where all results are equal
 */
export function explainedVariance(trials: readonly Scored[], settings: number): (number | null)[] {
  return Array.from({ length: settings }, (_, setting) => explained(trials, setting));
}

function explained(trials: readonly Scored[], setting: number): number | null {
  const groups = grouped(trials, setting);
  const [n, k] = [trials.length, groups.length];
  if (k < 2 || n <= k) return null;
  const all = mean(trials.map(({ value }) => value));
  const total = sumOfSquares(
    trials.map(({ value }) => value),
    all,
  );
  if (total === 0) return null;
  const within = groups.reduce((sum, group) => sum + sumOfSquares(group, mean(group)), 0);
  return Math.max(0, (total - within - (k - 1) * (within / (n - k))) / total);
}

/** Results by the setting's value. */
function grouped(trials: readonly Scored[], setting: number): number[][] {
  const byValue = new Map<SettingValue, number[]>();
  for (const { values, value } of trials) {
    const at = values[setting] ?? null;
    byValue.set(at, [...(byValue.get(at) ?? []), value]);
  }
  const numbers = [...byValue.keys()].every((value) => typeof value === 'number');
  if (!numbers || byValue.size <= trials.length / 2) return [...byValue.values()];
  const sorted = [...byValue].sort(([a], [b]) => Number(a) - Number(b)).flatMap(([, results]) => results);
  const ranges = Math.max(2, Math.floor(Math.sqrt(trials.length)));
  const cut = (range: number): number => Math.round((range * sorted.length) / ranges);
  return Array.from({ length: ranges }, (_, range) => sorted.slice(cut(range), cut(range + 1)));
}

export const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

const sumOfSquares = (values: readonly number[], centre: number): number =>
  values.reduce((sum, value) => sum + (value - centre) ** 2, 0);

/** Sample standard deviation; `null` of fewer than two. */
export const deviation = (values: readonly number[]): number | null =>
  values.length < 2 ? null : Math.sqrt(sumOfSquares(values, mean(values)) / (values.length - 1));
