import { z } from 'zod';
import { figure } from './figure.ts';

/** What a wrapper's cell, in one layer and direction, looked like in one training step, over a few rows of its batch. */
export const recurrenceHealth = z.strictObject({
  /** The wrapper's id in the plan. */
  node: z.string(),
  /** From 0. */
  layer: z.number().int(),
  direction: z.enum(['forward', 'backward']),
  /** How many steps before a row's last one, in the order in which the cell runs: 0 is the last. At most 33, evenly spread. */
  distances: z.array(z.number().int()),
  /**
   * Of each part of the state, as the next step and the output read it: the root of the mean square, over rows that are so long, of the length
   * of ∂loss/∂state there.
   */
  gradients: z.array(z.strictObject({ state: z.string(), norms: z.array(figure) })),
  /**
   * Of the gradient that a row's last step alone sends back, how much is left at its first step: 1 is all of it. Geometric mean over rows.
   * `null` where the last step gets none, or is the first.
   */
  kept: figure.nullable(),
  /** Steps that it went back through, mean over rows. */
  steps: figure,
  /** Values that a sigmoid or tanh makes, by their names in the equations: shares of them near the lower and the upper end. */
  squashed: z.array(
    z.strictObject({
      name: z.string(),
      low: figure,
      high: figure,
      /** It scales the state before the step: at one end it keeps the state, which is what it is for. */
      carries: z.boolean(),
    }),
  ),
  /** Units of the output that were the same at every step of every row; `null` where the steps are too few to tell. */
  dead: z.number().int().nullable(),
  units: z.number().int(),
});
export type RecurrenceHealth = z.infer<typeof recurrenceHealth>;

/** A module's trained weights in one training step, all of them together. */
export const moduleHealth = z.strictObject({
  /** Its id in the plan. */
  node: z.string(),
  /** Length of the gradient, before clipping. */
  gradient: figure,
  /** Length of the weights before the step. */
  weight: figure,
  /** Length of what the step changed, over `weight`. */
  update: figure,
});
export type ModuleHealth = z.infer<typeof moduleHealth>;

export const runHealth = z.strictObject({
  /** The training step that was measured. */
  step: z.number().int(),
  modules: z.array(moduleHealth),
  recurrences: z.array(recurrenceHealth),
});
export type RunHealth = z.infer<typeof runHealth>;

/** Measurements that are kept of a run at once: enough to tell what lasts from what comes and goes. */
const keptHealth = 32;

/**
 * What stands of a run's measurements after one more logged line about training, oldest first; the same array where nothing changes.
 * A resumed run repeats steps since its last checkpoint: what was measured at or after them is replaced.
 */
export function followHealth(kept: readonly RunHealth[], step: number, measured: RunHealth | undefined): readonly RunHealth[] {
  const repeated = kept.some((one) => one.step >= step);
  if (!repeated && measured === undefined) return kept;
  const before = kept.filter((one) => one.step < (measured?.step ?? step));
  return [...before, ...(measured === undefined ? [] : [measured])].slice(-keptHealth);
}
