import { everyCell } from '../every-cell.test-support.ts';

/** Widths of the state and the input. */
export const [H, I] = [5, 3];

/** Every cell of the library and of the registry, and what neither has. */
export const suiteTexts: readonly (readonly [string, string])[] = [
  ...everyCell(H),
  ['a state that is given on', "h' = tanh(W x + U c)\nc' = h"],
  ['a gradient that is given on as it is, and multiplied', "c' = h + U c + W x\nh' = tanh(V c)"],
  ['an output that no matrix makes', "c' = 0.5 * c + W x\nout = p_o * c'"],
  ['what all rows share', "h' = tanh(W x + U sigmoid(b_u) + softmax(p_q) * h) * sigmoid(k_z)"],
  ['softmax of a sum', "a = softmax(W x + U h)\nh' = a * tanh(V h) + layernorm(a * h)"],
];

/** With what only double precision can tell: a factor before a layer norm has a gradient of nearly 0. */
export const stepTexts: typeof suiteTexts = [
  ...suiteTexts,
  ['the input through functions', "h' = tanh(W layernorm(k_a * tanh(x)) + V (p_x * x) + U h)"],
];
