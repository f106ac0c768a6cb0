import type { UnrollDocument } from '../document/schema.ts';
import type { SettingValue } from '../document/sweep-settings.ts';
import { type Axis, axisOf, combinations, gridPoint, randomPoints } from '../graph/sweep/axis.ts';
import { variedFields } from '../graph/sweep/varied-field.ts';

/** The values of each varied setting. @throws Error for a document with sweep findings */
export function axesOf(document: UnrollDocument): Axis[] {
  const vary = document.sweep?.vary ?? [];
  return variedFields(document, vary).map((field, i) => axisOf(vary[i]?.range ?? { kind: 'choices', values: [] }, field.integer));
}

/** Trials that a sweep will have: its budget, or fewer where there are no more combinations. */
export function countTrials(document: UnrollDocument): number {
  const { method, trials } = document.sweep ?? { method: 'random', trials: 0 };
  if (method === 'optuna') return trials;
  const axes = axesOf(document);
  return method === 'grid'
    ? Math.min(trials, combinations(axes) ?? 0)
    : randomPoints(axes, document.training.seed, trials).length;
}

/** Who decides what is tried next. */
export interface Proposer {
  /** Values of the trial of this number (from 1), in the order of the settings; `null` where there are no more. */
  propose(trial: number): Promise<readonly SettingValue[] | null>;
  /** A validation of a trial's first seed. @returns whether the trial is to end here */
  report(trial: number, validation: number, value: number): Promise<boolean>;
  /** A trial has ended. @param value `null` where it failed */
  ended(trial: number, status: 'complete' | 'pruned' | 'failed', value: number | null): Promise<void>;
  /** fANOVA of all trials that ended so far; `null` where it has none. */
  importance(): Promise<readonly number[] | null>;
  close(): Promise<void>;
}

/** Grid and random search, whose trials are known from the start and never end early. */
export function knownPoints(document: UnrollDocument): Proposer {
  const axes = axesOf(document);
  const { method, trials } = document.sweep ?? { method: 'random', trials: 0 };
  const points = method === 'random' ? randomPoints(axes, document.training.seed, trials) : null;
  return {
    propose: async (trial) => {
      if (trial > trials) return null;
      return points === null ? gridPoint(axes, trial - 1) : (points[trial - 1] ?? null);
    },
    report: async () => false,
    ended: async () => undefined,
    importance: async () => null,
    close: async () => undefined,
  };
}
