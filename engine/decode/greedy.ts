import { largestIndex } from './log-probabilities.ts';
import { say } from './say.ts';
import type { Hypothesis, TokenSource } from './token-source.ts';

/** Always the most probable next token, the first of equals; one sequence for each row of the source. */
export const greedy = (source: TokenSource, maxTokens: number): Promise<Hypothesis[]> =>
  say(source, { maxTokens, choose: largestIndex });
