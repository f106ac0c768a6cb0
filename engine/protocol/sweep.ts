import { z } from 'zod';
import { unrollDocument } from '../document/schema.ts';
import { settingRange, settingValue, sweepSettings } from '../document/sweep-settings.ts';
import { figure } from './figure.ts';
import { rayTarget } from './ray.ts';

/** One training of a trial: an ordinary run. */
export const trialRun = z.strictObject({
  /** Its id among the runs, or the path of its folder where the sweep keeps its runs elsewhere. */
  run: z.string(),
  seed: z.number().int(),
  status: z.enum(['waiting', 'running', 'done', 'pruned', 'failed']),
  /** What is judged, of the weights that are kept; where it was pruned, of its last validation. */
  value: figure.nullable(),
  /** Why it failed, and what to do. */
  reason: z.string().nullable(),
  /** Spent training. */
  seconds: figure,
});

/** Id of the run of a trial's seed (from 0): the same whenever it is asked for, so that it is found again. */
export const trialRunId = (sweep: string, trial: number, seed: number): string => `${sweep}-t${trial}-s${seed + 1}`;

/** Whether a run is one of a sweep's. */
export const isRunOf = (sweep: string, run: string): boolean => run.startsWith(`${sweep}-t`);

export const sweepTrial = z.strictObject({
  /** From 1, in the order in which they were drawn. */
  number: z.number().int(),
  /** In the order of `settings`. */
  values: z.array(settingValue),
  status: z.enum(['waiting', 'running', 'complete', 'pruned', 'failed']),
  runs: z.array(trialRun),
  /** Mean of its seeds; `null` until all are done. */
  value: figure.nullable(),
  /** Sample standard deviation of its seeds; `null` where there is one. */
  spread: figure.nullable(),
  reason: z.string().nullable(),
});
export type SweepTrial = z.infer<typeof sweepTrial>;

/**
 * How much each setting decides, in the order of `settings`, each from 0 to 1; `null` where too few trials tell. `fanova`: Hutter, Hoos &
 * Leyton-Brown 2014, as Optuna computes it. `variance`: share of the results' variance that the values of this setting alone explain
 * (ε², Kelley 1935).
 */
export const sweepImportance = z.strictObject({
  method: z.enum(['fanova', 'variance']),
  shares: z.array(figure.nullable()),
});

export type SweepImportance = z.infer<typeof sweepImportance>;

export const sweepState = z.strictObject({
  id: z.string(),
  /** Of the document. */
  name: z.string(),
  folder: z.string(),
  created: z.number(),
  /** `unfinished`: nothing trains, and it can go on. */
  status: z.enum(['running', 'unfinished', 'done']),
  sweep: sweepSettings,
  /** What is varied, in words, with the range. */
  settings: z.array(z.strictObject({ title: z.string(), range: settingRange })),
  objective: z.strictObject({ metric: z.string(), direction: z.enum(['minimize', 'maximize']) }),
  /** Trials that it will have. */
  total: z.number().int(),
  /** The cluster that trials train on, as `on` of a run; `null` for this machine. */
  on: z.string().nullable(),
  trials: z.array(sweepTrial),
  /** Number of the trial that did best. */
  best: z.number().int().nullable(),
  importance: sweepImportance.nullable(),
  /** What it does now, why it does not go on, or what it cannot do as it was asked. */
  message: z.string().nullable(),
});
export type SweepState = z.infer<typeof sweepState>;

const sweep = z.strictObject({ sweep: z.string().max(4096) });

export const sweepMethods = {
  /**
   * Begins the sweep that the document describes, on this machine or as jobs of a cluster (`on`). Fails with `sweep-has-problems`, and as
   * `training.start`.
   */
  'sweep.start': { params: z.strictObject({ document: unrollDocument, on: rayTarget.optional() }), result: sweepState },
  /** Goes on with one that is unfinished. */
  'sweep.resume': { params: sweep, result: sweepState },
  /** Ends the one that runs: what trains is saved, and goes on from there with `sweep.resume`. Resolves when it is. */
  'sweep.stop': { params: sweep, result: sweepState },
  /** Ends a start whose data, or Optuna, is still being prepared; that call then fails with `cancelled`. */
  'sweep.cancel': { params: z.strictObject({}), result: z.strictObject({}) },
  'sweep.get': { params: sweep, result: sweepState },
  /** Newest first; `trials` are left out. */
  'sweep.list': { params: z.strictObject({}), result: z.strictObject({ sweeps: z.array(sweepState) }) },
} as const;

export const sweepEvents = {
  /** At each trial's begin and end, and whenever `message` is another. */
  'sweep.changed': sweepState,
} as const;
