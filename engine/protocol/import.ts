import { z } from 'zod';
import { unrollDocument } from '../document/schema.ts';
import { runSummary } from './runs.ts';

/** Something that weights do not say. */
export const importQuestion = z.strictObject({
  id: z.string(),
  label: z.string(),
  /** Why it must be asked. */
  why: z.string(),
  options: z.array(z.strictObject({ value: z.string(), label: z.string() })).min(1),
  /** The likeliest answer; `null` where none is likelier than another and a person must say. */
  chosen: z.string().nullable(),
  /** Whether the layers and the other questions depend on the answer. */
  decides: z.boolean().optional(),
});
export type ImportQuestion = z.infer<typeof importQuestion>;

const path = z.string().min(1).max(4096);

export const importMethods = {
  /** What a folder or file holds, before it becomes a run. An answer to a question can raise others. */
  'import.inspect': {
    params: z.strictObject({ path, answers: z.record(z.string(), z.string()).default({}) }),
    result: z.strictObject({
      kind: z.enum(['exported', 'state-dict']),
      name: z.string(),
      /** The layers, one line each. */
      layers: z.array(z.string()),
      questions: z.array(importQuestion),
      notes: z.array(z.string()),
    }),
  },
  /** Makes a run of it that can be predicted with, exported and trained on, and gives its graph for the canvas. */
  'import.open': {
    params: z.strictObject({ path, answers: z.record(z.string(), z.string()).default({}), folder: path.optional() }),
    result: z.strictObject({ run: runSummary, document: unrollDocument, notes: z.array(z.string()) }),
  },
} as const;
