import { z } from 'zod';
import { stockLatex } from '../../cells/stock-equations.ts';
import { cellWidth } from '../cell-width.ts';
import { defineLayer } from '../layer.ts';

/** Gated recurrent unit: PyTorch's reset-after form, the lectures' full form (row L7) or their simplified one (row L6). */
export const gruCell = defineLayer({
  kind: 'gru-cell',
  title: 'GRU cell',
  family: 'cell',
  summary: 'Gates decide how much of the state is kept and how much of it the candidate sees.',
  keywords: ['gated recurrent unit', 'simplified', 'update gate', 'reset gate', 'relevance gate', 'nn.GRU', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Size of the hidden state.'),
    form: z.enum(['reset-after', 'relevance-before', 'simplified']).default('reset-after').meta({
      title: 'Form',
      description:
        'reset-after is nn.GRU and cuDNN: the gate acts after the product. relevance-before is the textbook form: the gate acts on the state before the product. simplified has the update gate alone.',
    }),
  }),
  inputs: [],
  outputs: [{ name: 'cell', label: 'cell', types: ['cell'] }],
  shape: (config) => ({
    ok: true,
    outputs: { cell: { type: 'cell', cell: { kind: 'gru-cell', hidden: config.hidden, form: config.form } } },
  }),
  brief: (config) => `GRU ${config.hidden}`,
  subtitle: (config) => `${config.hidden} wide · ${config.form.replace('-', ' ')}`,
  latex: (config) => stockLatex({ kind: 'gru-cell', ...config }),
  parameters: () => [],
});
