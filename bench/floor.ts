import type { Task } from './cases.ts';

/** Products of one step of a cell, each `H × (I + H)`: the gates. */
const gates: Readonly<Record<Task['cell'], number>> = { rnn: 1, gru: 3, lstm: 4 };

type Structure = Pick<Task, 'kind' | 'cell' | 'directions' | 'layers' | 'embedding' | 'hidden'>;

/**
 * Floating-point operations that one token costs in the matrix products of the recurrent layers. Forward is 2·G·H·(H + I), and
 * training is three times that (back to the input, back to the weights): 24·H·(H + E) for one LSTM layer, 18 GRU, 6 RNN.
 */
export function flopPerToken({ kind, cell, directions, layers, embedding, hidden }: Structure): number {
  const passes = kind === 'inference' ? 1 : 3;
  let sum = 0;
  for (let layer = 0; layer < layers; layer++) {
    const input = layer === 0 ? embedding : hidden * directions;
    sum += directions * passes * 2 * gates[cell] * hidden * (hidden + input);
  }
  return sum;
}

/** Milliseconds that the products of `tokens` real tokens take at the machine's measured rate: no implementation is faster. */
export const floorMs = (structure: Structure, tokens: number, gflops: number): number =>
  (flopPerToken(structure) * tokens) / (gflops * 1e6);
