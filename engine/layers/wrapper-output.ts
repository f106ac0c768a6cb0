import { z } from 'zod';
import type { SequenceType, ValueType, Width } from '../shapes/value-type.ts';

/** What a wrapper gives out of the steps it ran (row L14). Pooling is over real steps only. */
export const outputMode = z
  .enum(['every-step', 'last', 'mean', 'max'])
  .default('every-step')
  .meta({ title: 'Output', description: 'Every step, the last real step, or the mean or maximum over real steps.' });
export type OutputMode = z.output<typeof outputMode>;

/** The wrapper's output type: a sequence for every step, a vector otherwise. */
export function wrapperOutput(mode: OutputMode, features: Width, input: SequenceType): ValueType {
  return mode === 'every-step' ? { type: 'sequence', features, time: input.time } : { type: 'vector', features };
}

export const outputModeLabel: Readonly<Record<OutputMode, string>> = {
  'every-step': 'every step',
  last: 'last step',
  mean: 'mean over steps',
  max: 'max over steps',
};
