import { z } from 'zod';
import { figure } from './figure.ts';

/** A token that beam search looked at, after those that its parents said. */
export const beamNode = z.strictObject({
  /** Number of an earlier node in the list; `null` at the beginning. */
  parent: z.number().int().min(0).nullable(),
  token: z.string(),
  /** Of the token, after what was said before it. */
  probability: figure,
  /** Of all that was said up to it. */
  logProbability: figure,
  /** Gone on with, the end of its sequence, or ranked below those that were gone on with. */
  fate: z.enum(['kept', 'ended', 'dropped']),
  /** By which sequences that ended are ranked, `log p / ((5 + length) / 6)^α`; `null` of all others. */
  score: figure.nullable(),
  /** Place of its sequence in the list of hypotheses, the answer's 0; `null` where it is none. */
  rank: z.number().int().min(0).nullable(),
});
export type BeamNode = z.infer<typeof beamNode>;

/** What a beam search looked at, step by step, each step's best first; of those that a step dropped the nearest, at most five. */
export const beamTree = z.strictObject({
  width: z.number().int(),
  lengthPenalty: z.number(),
  nodes: z.array(beamNode),
});
export type BeamTree = z.infer<typeof beamTree>;
