import type { OnnxCell } from '../export/onnx-cell.ts';
import type { LstmForm } from './equations.ts';

/**
 * ONNX's LSTM, gates i, o, f, g, peepholes i, o, f. Coupled gates need no attribute: i = 1 - f = sigmoid(-a) when a is the sum inside f, so
 * the rows of i are those of f, negated.
 */
export const lstmOnnx = ({ coupled, peepholes }: LstmForm): OnnxCell => {
  const as = (from: string, sign: 1 | -1 = 1) => ({ from, sign });
  const i = coupled ? as('f', -1) : as('i');
  return {
    op: 'LSTM',
    gates: [i, as('o'), as('f'), as('g')],
    peepholes: peepholes ? [i, as('o'), as('f')] : [],
    attributes: {},
  };
};
