import { z } from 'zod';

/** What a sweep may ask for; a file that asks for more is refused on reading. */
export const sweepLimits = { varied: 50, choices: 1_000, trials: 100_000, seeds: 100, parallel: 256 } as const;

/** Of a setting: a choice of a range, and what a trial was given. */
export const settingValue = z.union([z.string().max(20_000), z.number(), z.boolean(), z.null()]);
/** One value that a setting may take, as it stands in the document. */
export type SettingValue = z.infer<typeof settingValue>;

/**
 * Which values a setting is tried with. Numbers of a `linear` range lie `step` apart, those of a `log` range are each `step` times the one
 * before; without a step, every number between the ends may be drawn. Settings that are whole numbers take whole numbers alone.
 */
export const settingRange = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('choices'), values: z.array(settingValue).min(1).max(sweepLimits.choices) }),
  z.strictObject({ kind: z.literal('linear'), from: z.number(), to: z.number(), step: z.number().positive().optional() }),
  z.strictObject({
    kind: z.literal('log'),
    from: z.number().positive(),
    to: z.number().positive(),
    step: z.number().gt(1).optional(),
  }),
]);
export type SettingRange = z.infer<typeof settingRange>;

const id = z.string().min(1).max(64);

/** A setting that a sweep varies. */
export const variedSetting = z.strictObject({
  /** The node whose setting it is; `null`: of training. */
  node: id.nullable(),
  /** The definition of the block in which the node lies; absent on the document's own canvas. */
  block: id.optional(),
  /**
   * Its name: a node's parameter (`hidden`), `kind` of a cell; of training a setting (`learningRate`), or one of its optimizer or schedule
   * (`optimizer.kind`, `optimizer.beta1`, `schedule.kind`).
   */
  field: z.string().min(1).max(100),
  range: settingRange,
});
export type VariedSetting = z.infer<typeof variedSetting>;

export const sweepMethod = z.enum(['grid', 'random', 'optuna']);

/** What is tried, and how: a document's optional section. */
export const sweepSettings = z.strictObject({
  vary: z.array(variedSetting).max(sweepLimits.varied).default([]),
  /** `grid` tries every combination, `random` draws them, `optuna` chooses each by what the ones before it gave (TPE). */
  method: sweepMethod.default('random'),
  /** Ends trials of `optuna` early that are behind the others at the same validation. */
  pruning: z.enum(['none', 'successive-halving', 'hyperband']).default('none'),
  /** At most so many combinations are tried. */
  trials: z.number().int().min(1).max(sweepLimits.trials).default(20),
  /** Trainings of each combination, with the document's seed and those that follow it; a trial's result is their mean. */
  seeds: z.number().int().min(1).max(sweepLimits.seeds).default(1),
  /** What is judged, of the validation split; `null`: what a run of this task is judged by. */
  objective: z
    .strictObject({ metric: z.string().min(1).max(64), direction: z.enum(['minimize', 'maximize']) })
    .nullable()
    .default(null),
  /** Trainings side by side, at most: fewer where cores or memory do not allow them. */
  parallel: z.number().int().min(1).max(sweepLimits.parallel).default(1),
});
export type SweepSettings = z.infer<typeof sweepSettings>;
export type SweepObjective = NonNullable<SweepSettings['objective']>;

/** Whether two entries vary the same setting. */
export const sameSetting = (
  a: Pick<VariedSetting, 'node' | 'block' | 'field'>,
  b: Pick<VariedSetting, 'node' | 'block' | 'field'>,
): boolean => a.node === b.node && a.block === b.block && a.field === b.field;
