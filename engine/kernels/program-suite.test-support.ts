import { everyOperation, type ProgramCase } from '../backends/program-check.tf.ts';
import { suiteTexts } from '../cells/program/step-suite.test-support.ts';

export const both = { sequence: true, final: true };
/** All rows as long as the batch, with a state that is given. */
export const fullBatch: ProgramCase = {
  ...{ steps: 4, lengths: [4, 4, 4], hidden: 5, inputs: 3, way: 'forwards', carried: true },
  ...{ want: both, inputGradient: true },
};
/** Neither sorted, nor all different. */
export const ragged = [3, 7, 1, 7, 4, 2, 7, 5, 6];
/** Full and ragged batches, each direction and both, with and without a state that is carried on. */
export const programCases: readonly ProgramCase[] = [
  fullBatch,
  { ...fullBatch, steps: 7, lengths: ragged, hidden: 19, way: 'backwards' },
  { ...fullBatch, steps: 7, lengths: ragged, hidden: 33, inputs: 17, way: 'both directions' },
  { ...fullBatch, steps: 3, lengths: [3, 1], hidden: 16, carried: false, want: { sequence: false, final: true } },
  {
    ...fullBatch,
    steps: 3,
    lengths: [2],
    hidden: 4,
    carried: false,
    want: { sequence: true, final: false },
    inputGradient: false,
  },
];
/** Those whose steps are compared, every operation, and what only whole sequences show. */
export const programTexts: readonly (readonly [string, string])[] = [
  ['every operation', everyOperation],
  ...suiteTexts,
  ['two widths', "width m = 3\nm = tanh(W x + V h)\nh' = tanh(U m + b_h) * sigmoid(R h)"],
  ['the input through functions', "h' = tanh(W layernorm(k_a * x + tanh(x)) + V (p_x * x) + U h)"],
  ['several matrices for the same', "h' = tanh(W x + V x + U h - R h + Q h)"],
  ['no input at all', "h' = tanh(U h + b_h)"],
  ['three states', "a' = softmax(W_a x + U_a c)\nc' = a' * c + tanh(W_c x + V h)\nh' = min(c', 1) * max(h, -0.5)"],
];
