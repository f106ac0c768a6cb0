import { z } from 'zod';
import { defineCell } from '../cell.ts';
import { cellWidth } from '../cell-width.ts';
import { recurrentInitializer } from '../recurrent-initializer.ts';
import { rnnEquations } from './equations.ts';
import { rnnOnnx } from './onnx.ts';
import { rnnTorch } from './torch.ts';

/** Vanilla (Elman) RNN cell (row L5): h_t = g(x_t W_ih^T + b_ih + h_{t-1} W_hh^T + b_hh). */
export const rnnCell = defineCell({
  kind: 'rnn-cell',
  title: 'Vanilla RNN cell',
  word: 'RNN',
  summary: 'The Elman cell: one matrix product of input and state, and an activation.',
  keywords: ['elman', 'simple', 'nn.RNN', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Size of the hidden state.'),
    activation: z.enum(['tanh', 'sigmoid', 'relu', 'identity']).default('tanh').meta({
      title: 'Activation',
      description: 'g in the equation. PyTorch’s own nn.RNN has tanh and relu; the others export as a module of their own.',
    }),
    recurrentInitializer: recurrentInitializer(),
  }),
  equations: rnnEquations,
  subtitle: (config) => `${config.hidden} wide · ${config.activation}`,
  ungated: true,
  unbounded: ({ activation }) => activation === 'relu' || activation === 'identity',
  kernel: ({ activation }) => ({ name: `rnn-${activation}`, gates: ['h'] }),
  torch: rnnTorch,
  onnx: rnnOnnx,
  forms: {
    tanh: { activation: 'tanh' },
    sigmoid: { activation: 'sigmoid' },
    relu: { activation: 'relu' },
    identity: { activation: 'identity' },
  },
});
