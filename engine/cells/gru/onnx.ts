import type { OnnxCell, OnnxGate } from '../export/onnx-cell.ts';
import type { GruForm } from './equations.ts';

const n: OnnxGate = { from: 'n', sign: 1 };
const r: OnnxGate = { from: 'r', sign: 1 };
/** ONNX's z weighs the old state, as PyTorch's; the lectures' u weighs the candidate, and 1 - sigmoid(a) = sigmoid(-a). */
const notU: OnnxGate = { from: 'u', sign: -1 };

/**
 * ONNX's GRU, gates z, r, n. `linear_before_reset` 1 is nn.GRU's form, where the reset gate acts after the product; 0 is the lectures' full
 * form (row L7). Their simplified form (row L6) is the same with the reset gate held open.
 */
export const gruOnnx = ({ form }: GruForm): OnnxCell => {
  const gates: Record<GruForm['form'], readonly OnnxGate[]> = {
    'reset-after': [{ from: 'z', sign: 1 }, r, n],
    'relevance-before': [notU, r, n],
    simplified: [notU, 'open', n],
  };
  return {
    op: 'GRU',
    gates: gates[form],
    peepholes: [],
    attributes: { linear_before_reset: { int: form === 'reset-after' ? 1 : 0 } },
  };
};
