import { z } from 'zod';
import { inspectedInput } from '../protocol/inspect.ts';

/** `film.json`: whether the weights of each validation are kept, and what was being looked at. */
export const filmRecord = z.strictObject({
  on: z.boolean(),
  input: inspectedInput,
  /** Validations that were let go of. */
  dropped: z.number().int().min(0),
});
export type FilmRecord = z.infer<typeof filmRecord>;

const bounds = { moments: 64, bytes: 256 * 1024 * 1024 };

/** Moments that a run keeps at most. @param weights numbers of its model */
export const mostMoments = (weights: number): number =>
  Math.min(bounds.moments, Math.floor(bounds.bytes / Math.max(1, 4 * weights)));
