import { z } from 'zod';
import { runSummary } from './runs.ts';

/** Runs of one document that differ in their seed, trained one after another by the window that has the series. */
export const seedSeries = z.strictObject({
  first: runSummary,
  seeds: z.array(z.number().int()).max(1_000),
  /** Ids of those begun, in the order of `seeds`. */
  runs: z.array(z.string().max(4096)).max(1_000),
  /** Why no more are begun until somebody says so; absent while it goes on. */
  halted: z.string().max(2_000).optional(),
});
export type SeedSeries = z.infer<typeof seedSeries>;

export const seriesMethods = {
  /** The series that is kept, which is this window's from now on; `null` where there is none, or another window has it. */
  'series.take': { params: z.strictObject({}), result: z.strictObject({ series: seedSeries.nullable() }) },
  /** Keeps the state of this window's series; `null` ends it. `held` is `false` where another window has one: nothing is kept then. */
  'series.keep': { params: z.strictObject({ series: seedSeries.nullable() }), result: z.strictObject({ held: z.boolean() }) },
} as const;

export const seriesEvents = {
  /** The window that had the series has gone: another one may take it. */
  'series.free': z.strictObject({}),
} as const;
