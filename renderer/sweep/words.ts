import type { SettingValue } from '../../engine/document/sweep-settings.ts';
import { findLayer } from '../../engine/layers/registry.ts';
import type { Finding } from '../../engine/lint/finding.ts';
import type { SweepState, SweepTrial } from '../../engine/protocol/sweep.ts';
import { formatMetric, metricTitle, withMinus } from '../training/metric-format.ts';

/** A setting's value as it is written: `off`, `yes`, a number in full, `gru-cell`. */
export function valueWord(value: SettingValue | undefined): string | number {
  if (value === null || value === undefined) return 'off';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return value;
}

/** A setting's value as it is read: `off`, `yes`, `0.003`, `GRU cell`, `layer norm`. */
export function valueText(value: SettingValue | undefined): string {
  const word = valueWord(value);
  if (typeof word === 'number') return withMinus(String(Number(word.toPrecision(4))));
  return findLayer(word)?.title ?? word.replaceAll('-', ' ');
}

/** The last part of a setting's title, where its node is known or has no room. */
export const shortTitle = (title: string): string => title.split(' · ').at(-1) ?? title;

/** What is wrong, and what to do, where it is known to be of the sweep. */
export const problemText = ({ message, fix }: Pick<Finding, 'message' | 'fix'>): string =>
  `${message.replace(/^sweep: /, '')}. ${fix}`;

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
