import type { OutputMode } from './wrapper-output.ts';

/** Why a wrapper cannot stand where a sequence is said token by token. */
export const bothWays = {
  message: 'this layer reads backwards too, but what it would read there is still to be said',
  fix: 'Use Recurrent, forwards, in the part that generates; the encoder may read both ways.',
};

export const backwards = {
  message: 'this layer reads backwards, but what it would read first is still to be said',
  fix: 'Set its direction to forward.',
};

/** The same of an output that needs all steps. */
export const wholeSequence = (output: OutputMode): { message: string; fix: string } | null =>
  output === 'every-step'
    ? null
    : { message: 'this layer sums up a sequence that is still being said', fix: 'Set its output to “every step”.' };
