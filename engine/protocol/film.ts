import { z } from 'zod';
import { inspectedInput } from './inspect.ts';

/** What a run keeps of its past: the weights of its validations, so that every view can show what was then. */
const film = z.strictObject({
  /** Whether it goes on; `null` where none was ever begun. */
  on: z.boolean().nullable(),
  /** What was being looked at when it was begun. */
  input: inspectedInput.nullable(),
  /** Training steps whose weights can be looked at, in order. */
  moments: z.array(
    z.strictObject({
      step: z.number().int(),
      /** Kept for the film; the others are the run's best weights and its last checkpoints, which training replaces. */
      kept: z.boolean(),
    }),
  ),
  /** At most so many are kept, by their number and by their bytes. */
  most: z.number().int(),
  /** Bytes of the weights of one moment. */
  bytes: z.number().int(),
  /** Validations that were let go of, so that those that stay are spread evenly. */
  dropped: z.number().int(),
});
export type Film = z.infer<typeof film>;

const run = z.string().max(4096);

export const filmMethods = {
  'film.get': { params: z.strictObject({ run }), result: film },
  /** Keeps the weights of each validation from now on, or with `null` no more; what is kept stays. A run that has ended begins none. */
  'film.keep': { params: z.strictObject({ run, input: inspectedInput.nullable() }), result: film },
} as const;

export const filmEvents = {
  /** A run's film has one moment more. */
  'film.moment': z.strictObject({ run, step: z.number().int() }),
} as const;
