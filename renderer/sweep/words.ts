import type { SettingValue } from '../../engine/document/sweep-settings.ts';
import type { SweepState, SweepTrial } from '../../engine/protocol/sweep.ts';
import { formatMetric, metricTitle } from '../training/metric-format.ts';

/** A setting's value as it is read: `off`, `yes`, `0.003`, `gru cell`. */
export function valueText(value: SettingValue | undefined): string {
  if (value === null || value === undefined) return 'off';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return value.replaceAll('-', ' ');
}

/** `87.5 % ± 0.6 %`; a dash where there is no result. */
export function resultText({ objective }: SweepState, { value, spread }: Pick<SweepTrial, 'value' | 'spread'>): string {
  const { metric } = objective;
  return `${formatMetric(metric, value)}${spread === null ? '' : ` ± ${formatMetric(metric, spread)}`}`;
}

export const objectiveTitle = ({ objective }: SweepState): string => metricTitle(objective.metric);

export const statusText: Readonly<Record<SweepTrial['status'], string>> = {
  waiting: 'waiting',
  running: 'trains',
  complete: 'done',
  pruned: 'ended early',
  failed: 'failed',
};
