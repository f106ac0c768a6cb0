import { z } from 'zod';
import { figure } from './figure.ts';

/**
 * Everything besides tensors that training needs to go on exactly where it was. Small, saved as JSON beside the tensors;
 * JSON keeps doubles exactly.
 */
export const trainingState = z.strictObject({
  /** Updates done. */
  step: z.number().int().min(0),
  /** Epoch under way, from 0; equal to the number of epochs when all are done. */
  epoch: z.number().int().min(0),
  /** Next batch of that epoch. */
  batch: z.number().int().min(0),
  /** Seconds trained, pauses not counted. */
  seconds: z.number().min(0),
  /** State of the generator that draws dropout masks. */
  dropout: z.array(z.number().int()).length(4),
  schedule: z.strictObject({ scale: figure, best: figure.nullable(), stale: z.number().int() }),
  /** Early stopping: lowest validation loss and epochs since. */
  patience: z.strictObject({ best: figure.nullable(), stale: z.number().int() }),
  /** Best value of the headline metric so far. */
  best: z.strictObject({ step: z.number().int(), value: figure, loss: figure }).nullable(),
  /** Metrics of the latest validation. */
  validation: z.record(z.string(), figure).nullable(),
  /** Step of the latest validation, -1 before the first. */
  validatedStep: z.number().int(),
  /** Training metrics since the last logged line. */
  window: z.strictObject({
    lossSum: figure,
    steps: z.number().int(),
    correct: figure,
    targets: z.number().int(),
  }),
});
export type TrainingState = z.infer<typeof trainingState>;
