import { z } from 'zod';
import { splitName } from '../document/split-names.ts';
import { figure } from './figure.ts';
import { gradientOf, trace } from './inspect.ts';
import { workId } from './inspect-work.ts';

/** A line of a cell that is held at a value, in one direction of one layer. */
export const hold = z.strictObject({
  node: z.string(),
  layer: z.number().int().min(0).default(0),
  direction: z.enum(['forward', 'backward']).default('forward'),
  /** As in the equations; a state after the step has a prime. What reads the line reads what it is held at. */
  line: z.string(),
  /** `null`: all. */
  units: z.array(z.number().int().min(0)).min(1).max(8192).nullable(),
  value: z.number().min(-1e6).max(1e6),
  /** On the recurrence's own time axis, both ends among them; `null`: at all steps. */
  steps: z.strictObject({ from: z.number().int().min(0), to: z.number().int().min(0) }).nullable(),
});
export type Hold = z.infer<typeof hold>;

const holds = z.array(hold).max(50);

export const whatIfMethods = {
  /**
   * The example of a trace again, with lines of cells held and a token replaced: by the cell's equations where something is held, by the
   * kernels everywhere else. Its values are asked for as those of any trace.
   */
  'inspect.whatIf': {
    params: z.strictObject({
      trace: z.string(),
      holds: holds.default([]),
      /** By the tokens of another text; none leaves it out. */
      edit: z
        .strictObject({ step: z.number().int().min(0), text: z.string().max(2000) })
        .nullable()
        .default(null),
      /** Of which the value is told before and after. */
      of: gradientOf.default({ kind: 'loss' }),
    }),
    result: z.strictObject({
      trace,
      /** For each step of its input, which step of the input before it is; `null` where it is another token. */
      was: z.array(z.number().int().nullable()),
      /** Of a number in the data's own unit; `null` where it is of something that is not there. */
      before: figure.nullable(),
      after: figure.nullable(),
    }),
  },
  /** Figures of a run over examples of a split with the weights of a trace, without the holds and with them. */
  'inspect.whatIfSplit': {
    params: z.strictObject({
      trace: z.string(),
      id: workId,
      holds: holds.min(1),
      split: splitName.default('test'),
      /** At most: evenly spread over the split, of a running text its beginning. */
      examples: z.number().int().min(1).max(100_000).default(500),
    }),
    result: z.strictObject({
      split: splitName,
      /** How many were read, of how many there are. */
      examples: z.number().int(),
      of: z.number().int(),
      /** What the run is judged by. */
      headline: z.string(),
      figures: z.array(z.strictObject({ name: z.string(), before: figure, after: figure })),
    }),
  },
} as const;
