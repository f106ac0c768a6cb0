import { z } from 'zod';
import { figure } from './figure.ts';
import { gradientOf, numbers } from './inspect.ts';
import { workId } from './inspect-work.ts';

/** Of each step of the input. */
const perStep = z.array(figure);

export const saliency = z.strictObject({
  /** In what everything here is counted: nats of a log-probability or a loss of classes, the data's own unit, or the loss of numbers. */
  unit: z.enum(['nats', 'data', 'loss']),
  /** What was picked; of a number in the data's own unit. */
  value: figure,
  /** The same where zeros stand in place of what the network first makes of every step: of an embedding, or of a number's mean. */
  without: figure,
  zero: z.enum(['embedding', 'mean']),
  /** x · ∂/∂x */
  gradient: perStep,
  /** x times the mean gradient on the straight way from zeros to x: they sum to `value - without`, but for `error`. */
  integrated: perStep,
  /** What goes when zeros stand in place of this step alone. */
  occlusion: perStep,
  /** Of a single picture: the first two of each of its pixels, all colours together `[h, w]`. */
  pixels: z.strictObject({ gradient: numbers, integrated: numbers }).nullable(),
  /** At how many places of the way the gradient was taken. */
  points: z.number().int(),
  /** Sum of what is integrated, less what it should be. */
  error: figure,
  /** Whether that is next to nothing, and twice as many places make no difference. */
  exact: z.boolean(),
});
export type Saliency = z.infer<typeof saliency>;

export const saliencyMethods = {
  /**
   * Which steps of the input matter for something picked, by three methods, above 0 what raises it; dropout is off. `inspect.progress` tells
   * of it by its `id`.
   */
  'inspect.saliency': {
    params: z.strictObject({ trace: z.string(), of: gradientOf.default({ kind: 'loss' }), id: workId.optional() }),
    result: saliency,
  },
} as const;
