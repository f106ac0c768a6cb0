import { z } from 'zod';
import { figure } from './figure.ts';
import { numbers } from './inspect.ts';
import { workId } from './inspect-work.ts';

const projection = z.strictObject({
  /** The axes are of an earlier fit: the training step of its weights, and on how many steps it was made. */
  fitted: z.strictObject({ step: z.number().int(), steps: z.number().int(), kept: z.boolean() }),
  /** Share of the sample's whole variance along each axis `[K]`. */
  explained: z.array(figure),
  /** Each step of the sample on the axes `[S, K]`. */
  points: numbers,
  /** Each step of the traced sentence on them `[T, K]`; `null` where none was asked for. */
  path: numbers.nullable(),
});

const fixedPoint = z.strictObject({
  /** `unstable`: all directions let go; `saddle`: some. */
  kind: z.enum(['stable', 'saddle', 'unstable']),
  /** Otherwise the search ended where the state moves least nearby, but moves. */
  converged: z.boolean(),
  /** ‖F(s, x) − s‖ */
  speed: figure,
  /** Directions in which nearby states move away. */
  unstable: z.number().int(),
  /** Size of the largest eigenvalue of the step's Jacobian there. */
  radius: figure,
  /** How many of the starts led here, from where they are or from where they settle under the input. */
  starts: z.number().int(),
  /** On the kept axes `[K]`. */
  at: z.array(figure),
});
export type FixedPointFound = z.infer<typeof fixedPoint>;

export const projectionMethods = {
  /**
   * States of a sample on the directions in which they differ most. The axes of a run's cell are kept, so that pictures of other weights are
   * comparable; `new` fits them to this sample. `inspect.progress` tells of it by its `id`.
   */
  'inspect.projection': {
    params: z.strictObject({
      id: workId.optional(),
      sample: z.string(),
      trace: z.string().optional(),
      axes: z.enum(['kept', 'new']).default('kept'),
      /** K */
      count: z.number().int().min(1).max(16).default(6),
    }),
    result: projection,
  },
  /**
   * States that a step leaves where they are under one input, looked for from states of a sample: with zeros, with the mean of what the cell
   * reads, or with what it reads at a step of a trace. `inspect.progress` counts starts; `inspect.cancel` ends it with what was found.
   * The sample is one of a state after the step, and was projected before.
   */
  'inspect.fixedPoints': {
    params: z.strictObject({
      id: workId,
      sample: z.string(),
      input: z.union([z.enum(['zero', 'mean']), z.strictObject({ trace: z.string(), step: z.number().int().min(0) })]),
    }),
    result: z.strictObject({
      /** Numbers of the state. */
      size: z.number().int(),
      /** From how many states it was looked, of how many. */
      searched: z.number().int(),
      of: z.number().int(),
      points: z.array(fixedPoint),
    }),
  },
} as const;
