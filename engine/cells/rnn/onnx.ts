import type { OnnxCell } from '../export/onnx-cell.ts';
import type { RnnForm } from './equations.ts';

/** ONNX's RNN takes its activation by name; identity is `Affine`, 1 x + 0. */
export const rnnOnnx = ({ activation }: RnnForm): OnnxCell => ({
  op: 'RNN',
  gates: [{ from: 'h', sign: 1 }],
  peepholes: [],
  activations: {
    tanh: { names: ['Tanh'], alpha: [], beta: [] },
    sigmoid: { names: ['Sigmoid'], alpha: [], beta: [] },
    relu: { names: ['Relu'], alpha: [], beta: [] },
    identity: { names: ['Affine'], alpha: [1], beta: [0] },
  }[activation],
  attributes: {},
});
