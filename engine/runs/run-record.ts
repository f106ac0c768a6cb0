import { z } from 'zod';
import type { DataEncoding } from '../data/dataset.ts';
import { reading } from '../data/reading.ts';
import { dataBinding } from '../document/data-binding.ts';
import { parseDocument, readAsBefore } from '../document/migrations.ts';
import { unrollDocument } from '../document/schema.ts';
import { dataFacts } from '../protocol/data.ts';
import { figure } from '../protocol/figure.ts';
import { runSummary } from '../protocol/runs.ts';

/** `run.json`: what a run is. Small, rewritten whenever its status or progress is saved. */
export const runRecord = z.strictObject({
  format: z.literal('unroll-run'),
  version: z.literal(1),
  summary: runSummary,
  /** As it was trained; a run saved by an older version is brought up to date on reading. */
  document: z.preprocess((saved) => {
    const read = parseDocument(saved, true);
    return read.ok ? read.document : saved;
  }, unrollDocument),
  facts: dataFacts,
  /** Of the data; resuming over other data is refused. */
  fingerprint: z.string(),
  seed: z.number().int(),
  /** Versions of the programs that trained it. */
  versions: z.record(z.string(), z.string()),
});
export type RunRecord = z.infer<typeof runRecord>;

const normalization = z
  .strictObject({ names: z.array(z.string()), mean: z.array(figure), deviation: z.array(figure) })
  .nullable();

/** `encoding.json`: vocabulary, classes and normalization, written once. */
export const dataEncoding: z.ZodType<DataEncoding> = z.strictObject({
  /** One that names no rule of its words is of a run from before document version 3. */
  binding: z.preprocess((saved) => {
    const read = z.looseObject({ tokenizer: z.looseObject({ rule: z.unknown().optional() }) }).safeParse(saved);
    return read.success && read.data.tokenizer.rule === undefined ? readAsBefore(saved) : saved;
  }, dataBinding),
  facts: dataFacts,
  fingerprint: z.string(),
  vocabulary: z.array(z.string()).nullable(),
  classes: z.array(z.string()).nullable(),
  longestTarget: z.number().int().optional(),
  merges: z.array(z.tuple([z.string(), z.string()])).optional(),
  targetMerges: z.array(z.tuple([z.string(), z.string()])).optional(),
  inputNormalization: normalization,
  targetNormalization: normalization,
  reading: reading.optional(),
});
