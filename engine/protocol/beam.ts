import { z } from 'zod';
import { beamTree } from './beam-tree.ts';
import { beamLengthPenalty, beamWidth, hypothesis } from './predict.ts';

export const beamMethods = {
  /**
   * Beam search over what a trace reads, with its weights: what is found, best first, and what was looked at on the way.
   *
   * @throws UserError `wrong-input` where the network says no sequence
   */
  'inspect.beam': {
    params: z.strictObject({ trace: z.string(), width: beamWidth, lengthPenalty: beamLengthPenalty }),
    result: z.strictObject({ hypotheses: z.array(hypothesis), tree: beamTree }),
  },
} as const;
