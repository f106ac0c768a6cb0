import { z } from 'zod';
import { figure } from '../protocol/figure.ts';
import { sweepImportance } from '../protocol/sweep.ts';

const trial = z.number().int().min(1);
/** Which of a trial's seeds, from 0. */
const seed = z.number().int().min(0);

/** One line of `journal.jsonl`. What is in it has happened, and is never done again. */
export const journalEvent = z.discriminatedUnion('event', [
  /** A trial has its values. */
  z.strictObject({
    event: z.literal('trial'),
    trial,
    values: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
  }),
  /** A validation of a trial's first seed; `prune`: it is behind, and ends here. */
  z.strictObject({
    event: z.literal('report'),
    trial,
    /** Of the training, at which it was validated. */
    step: z.number().int(),
    /** Which of the trial's validations, from 1. */
    validation: z.number().int().min(1),
    value: figure,
    prune: z.boolean(),
  }),
  /** A training has come to its end. */
  z.strictObject({
    event: z.literal('end'),
    trial,
    seed,
    status: z.enum(['done', 'pruned', 'failed']),
    value: figure.nullable(),
    reason: z.string().nullable(),
    seconds: figure,
  }),
  z.strictObject({ event: z.literal('importance'), importance: sweepImportance }),
  /** It went on no further, and why; what follows has gone on. */
  z.strictObject({ event: z.literal('halt'), message: z.string() }),
]);
export type JournalEvent = z.infer<typeof journalEvent>;
export type EndEvent = Extract<JournalEvent, { event: 'end' }>;
