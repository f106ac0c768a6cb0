import { z } from 'zod';
import { fromBase64 } from './base64.ts';
import { runHealth } from './health.ts';

/** Very many numbers exactly as they were measured, also those that are no finite ones: base64 of little-endian float64. */
const column = z.string();

const metricColumn = z.strictObject({
  /** Which lines have a value, by their place from 0; absent where all have one. */
  lines: column.exactOptional(),
  values: column,
});
export type MetricColumn = z.infer<typeof metricColumn>;

/** What a line says in one number beside its metrics. */
const figureColumns = {
  learningRate: metricColumn.exactOptional(),
  gradientNorm: metricColumn.exactOptional(),
  tokensPerSecond: metricColumn.exactOptional(),
};
export type MetricFigure = keyof typeof figureColumns;
export const metricFigures = Object.keys(figureColumns) as readonly MetricFigure[];

/** Lines of `metrics.jsonl` of one split, in their order, as columns. */
const splitColumns = z.strictObject({
  split: z.enum(['train', 'validation', 'test']),
  step: column,
  epoch: column,
  seconds: column,
  values: z.record(z.string(), metricColumn),
  ...figureColumns,
});
export type SplitColumns = z.infer<typeof splitColumns>;

/** Up to where a `metrics.jsonl` was read. */
export const metricsPlace = z.strictObject({
  /** Which file: where a resumed run has put another in its place, reading begins again. */
  file: z.string().max(64),
  byte: z.number().int().min(0),
});
export type MetricsPlace = z.infer<typeof metricsPlace>;

/** A piece of `metrics.jsonl`, a few megabytes of it: as much as the engine and the window take in without being held up. */
export const metricsPiece = z.strictObject({
  /** The byte that it begins at: 0 also where the file that was read from is not the run's any more. */
  from: z.number().int(),
  /** Where the next piece begins; `null` at the file's end. */
  next: metricsPlace.nullable(),
  /** Size of the file. */
  bytes: z.number().int(),
  splits: z.array(splitColumns),
  /** What was measured of the run's health and stands at the piece's end, oldest first (`followHealth`). */
  health: z.array(runHealth),
  /** Lines that cannot be read; a last one that a crash tore, or that is being written, is none of them. */
  lost: z.number().int(),
});
export type MetricsPiece = z.infer<typeof metricsPiece>;

/** The numbers of a column. */
export const numbersOf = (data: string): Float64Array => new Float64Array(fromBase64(data).buffer);
