import { z } from 'zod';
import { defineLayer } from '../layer.ts';

/** Long short-term memory (row L8): gates i, f, g, o in PyTorch's order; the cell state's path is only scaled by f. */
export const lstmCell = defineLayer({
  kind: 'lstm-cell',
  title: 'LSTM cell',
  family: 'cell',
  summary: 'Three gates and a cell state that gradients pass through almost unchanged.',
  keywords: ['long short-term memory', 'forget gate', 'nn.LSTM', 'recurrent'],
  config: z.strictObject({
    hidden: z
      .number()
      .int()
      .min(1)
      .max(8192)
      .default(128)
      .meta({ title: 'Width', description: 'Size of the hidden and of the cell state.' }),
    forgetBias: z.number().min(-10).max(10).default(1).meta({
      title: 'Forget bias',
      description: 'Start of the forget gate’s bias: above 0 the cell remembers from the first step.',
    }),
  }),
  inputs: [],
  outputs: [{ name: 'cell', label: 'cell', types: ['cell'] }],
  shape: (config) => ({
    ok: true,
    outputs: { cell: { type: 'cell', cell: { kind: 'lstm-cell', hidden: config.hidden, forgetBias: config.forgetBias } } },
  }),
  subtitle: (config) => `${config.hidden} wide`,
  parameters: () => [],
});
