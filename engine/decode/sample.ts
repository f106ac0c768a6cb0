import { Random } from '../random.ts';
import { drawToken, type SamplingSettings } from './sampler.ts';
import { type SayOptions, say } from './say.ts';
import type { Hypothesis, TokenSource } from './token-source.ts';

export interface SampleOptions extends SamplingSettings, Omit<SayOptions, 'choose'> {
  readonly seed: number;
}

/** Tokens drawn by their probability, one sequence for each row of the source; each row has a stream of chance of its own. */
export function sample(source: TokenSource, { seed, ...options }: SampleOptions): Promise<Hypothesis[]> {
  const streams = Array.from({ length: source.rows }, (_, row) => new Random(seed, `sample ${row}`));
  return say(source, {
    ...options,
    choose: (log, row) => drawToken(log, options, streams[row] ?? new Random(seed)),
  });
}
