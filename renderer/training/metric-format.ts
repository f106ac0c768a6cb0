import type { RunSummary } from '../../engine/protocol/runs.ts';

const titles: Readonly<Record<string, string>> = {
  loss: 'loss',
  'log-loss': 'log loss, unweighted',
  accuracy: 'accuracy',
  auroc: 'AUROC',
  'macro-f1': 'macro F1',
  'macro-precision': 'macro precision',
  'macro-recall': 'macro recall',
  'entity-f1': 'entity F1',
  'entity-precision': 'entity precision',
  'entity-recall': 'entity recall',
  f1: 'F1',
  precision: 'precision',
  recall: 'recall',
  mae: 'MAE',
  rmse: 'RMSE',
  mse: 'MSE',
  perplexity: 'perplexity',
  population: 'population’s losses',
  sigma: 'sigma',
};

/** The name shown to people. */
export const metricTitle = (metric: string): string => titles[metric] ?? metric.replaceAll('-', ' ');

/** Metrics that are shares of one, shown in percent. */
export const isShare = (metric: string): boolean => /accuracy|precision|recall|f1|error-rate/.test(metric);

/** Of a whole: `96.2 %`. */
export const formatShare = (share: number): string => `${(share * 100).toFixed(1)} %`;

/** `96.2 %`, `0.1184`, `4.37`: as many digits as tell two runs apart. */
export function formatMetric(metric: string, value: number | null | undefined): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return notFinite(value);
  if (isShare(metric)) return formatShare(value);
  return withMinus(formatNumber(value, metric === 'loss' || metric === 'log-loss' ? 4 : 3));
}

/** A figure that is no finite number: what it says, not a dash. */
export const notFinite = (value: number): string => (Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞');

/** With the sign for minus before a negative number that is written with a hyphen. */
export const withMinus = (text: string): string => text.replace(/^-/, '−');

/** Fixed digits near one, scientific where fixed digits would lie. */
export function formatNumber(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return notFinite(value);
  const size = Math.abs(value);
  if (size !== 0 && (size < 10 ** -digits || size >= 1e6)) return value.toExponential(2);
  if (size >= 1000) return value.toLocaleString('en', { maximumFractionDigits: 0 });
  if (size >= 100) return value.toFixed(Math.min(1, digits));
  return value.toFixed(size >= 10 ? Math.min(2, digits) : digits);
}

/** A round number at an axis: `0.25`, `80 %`, `1e-4`. */
export function formatTick(value: number, percent: boolean): string {
  if (percent) return `${withMinus(String(Number((value * 100).toPrecision(4))))} %`;
  const size = Math.abs(value);
  const short = Number(value.toPrecision(4));
  if (size !== 0 && (size < 1e-3 || size >= 1e5)) return withMinus(short.toExponential().replace('+', ''));
  return withMinus(String(short));
}

/** `61k`, `812`, `1.2M`. */
export function formatCount(value: number): string {
  if (value >= 1e6) return `${(value / 1e6).toFixed(value >= 1e7 ? 0 : 1)}M`;
  if (value >= 1e4) return `${Math.round(value / 1e3)}k`;
  if (value >= 1e3) return `${(value / 1e3).toFixed(1)}k`;
  return String(Math.round(value));
}

/** Whether the run does better than its trivial baseline; `null` before its first validation. */
export function beatsBaseline(run: Pick<RunSummary, 'headline' | 'best'>): boolean | null {
  if (run.best === null) return null;
  return run.headline.higherIsBetter ? run.best.value > run.headline.baseline : run.best.value < run.headline.baseline;
}
