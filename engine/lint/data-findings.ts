import type { DataReport } from '../protocol/data.ts';

/** What the data report says that deserves a second look before training. */
export interface DataFinding {
  readonly kind: 'bad-rows' | 'leakage' | 'imbalance' | 'truncated' | 'truncated-targets' | 'warning' | 'note';
  readonly message: string;
  /** Empty where the message says it. */
  readonly fix: string;
  /** How many rows or inputs it is about; absent where it is about the whole. */
  readonly count?: number;
  /** The first bad rows with their reasons. */
  readonly rows?: DataReport['badRows'];
  /** The first inputs that are meant. */
  readonly examples?: readonly string[];
}

/** From this ratio on, accuracy alone misleads. */
const notable = 3;

/**
 * Everything that the data report holds against the data, worst first. The window, `check` and `train` all say what stands here, so
 * that none of them keeps silent about it.
 */
export function dataFindings(report: Omit<DataReport, 'baseline'>): readonly DataFinding[] {
  const { badRowCount, badRows, leakage, imbalance, truncated, targets } = report;
  const found: DataFinding[] = [];
  if (badRowCount > 0) {
    found.push({
      kind: 'bad-rows',
      message: `${plural(badRowCount, 'row')} could not be read and ${badRowCount === 1 ? 'is' : 'are'} left out`,
      fix: 'Correct these lines, or how the file is read: its delimiter, its header and its columns in the Data panel.',
      count: badRowCount,
      rows: badRows,
    });
  }
  if (leakage.count > 0) {
    found.push({
      kind: 'leakage',
      message: `${plural(leakage.count, 'input')} ${leakage.count === 1 ? 'appears' : 'appear'} in two splits: validation looks better than it is`,
      fix:
        report.task === 'forecasting'
          ? 'Leave out of validation and test what the rows for training hold.'
          : 'Choose a group column, or remove duplicates.',
      count: leakage.count,
      examples: [...new Set(leakage.examples)],
    });
  }
  if (imbalance !== null && imbalance >= notable) {
    found.push({
      kind: 'imbalance',
      message: `the largest class has ${imbalance.toFixed(1)} times as many examples as the smallest`,
      fix: 'Balanced class weights help, and F1 tells more than accuracy.',
    });
  }
  if (truncated > 0) {
    const raise = report.facts.features === null ? raiseLimit : '';
    found.push({ kind: 'truncated', message: cut(truncated, 'sequence'), fix: raise, count: truncated });
  }
  if (targets && targets.truncated > 0) {
    const count = targets.truncated;
    found.push({ kind: 'truncated-targets', message: cut(count, 'target'), fix: raiseLimit, count });
  }
  for (const text of new Set(report.warnings)) found.push({ kind: 'warning', message: text, fix: '' });
  for (const text of report.notes ?? []) found.push({ kind: 'note', message: text, fix: '' });
  return found;
}

const raiseLimit = 'Raise “Longest sequence” to keep all.';
const plural = (count: number, noun: string): string => `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const cut = (count: number, noun: string): string =>
  `${plural(count, noun)} ${count === 1 ? 'is' : 'are'} longer than the longest length, and cut to it`;
