import { z } from 'zod';
import { stockLatex } from '../../cells/stock-equations.ts';
import { cellWidth } from '../cell-width.ts';
import { defineLayer } from '../layer.ts';

/** Vanilla (Elman) RNN cell (row L5): h_t = g(x_t W_ih^T + b_ih + h_{t-1} W_hh^T + b_hh). */
export const rnnCell = defineLayer({
  kind: 'rnn-cell',
  title: 'Vanilla RNN cell',
  family: 'cell',
  summary: 'The Elman cell: one matrix product of input and state, and an activation.',
  keywords: ['elman', 'simple', 'nn.RNN', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Size of the hidden state.'),
    activation: z.enum(['tanh', 'sigmoid', 'relu', 'identity']).default('tanh').meta({
      title: 'Activation',
      description: 'g in the equation. PyTorch’s own nn.RNN has tanh and relu; the others export as a module of their own.',
    }),
  }),
  inputs: [],
  outputs: [{ name: 'cell', label: 'cell', types: ['cell'] }],
  shape: (config) => ({
    ok: true,
    outputs: { cell: { type: 'cell', cell: { kind: 'rnn-cell', hidden: config.hidden, activation: config.activation } } },
  }),
  brief: (config) => `RNN ${config.hidden}`,
  subtitle: (config) => `${config.hidden} wide · ${config.activation}`,
  latex: (config) => stockLatex({ kind: 'rnn-cell', ...config }),
  parameters: () => [],
});
