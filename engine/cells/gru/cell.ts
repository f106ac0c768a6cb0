import { z } from 'zod';
import { defineCell } from '../cell.ts';
import { cellWidth } from '../cell-width.ts';
import { recurrentInitializer } from '../recurrent-initializer.ts';
import { gruEquations } from './equations.ts';
import { gruOnnx } from './onnx.ts';
import { gruTorch } from './torch.ts';

/** Gated recurrent unit: PyTorch's reset-after form, the lectures' full form (row L7) or their simplified one (row L6). */
export const gruCell = defineCell({
  kind: 'gru-cell',
  title: 'GRU cell',
  word: 'GRU',
  summary: 'Gates decide how much of the state is kept and how much of it the candidate sees.',
  keywords: ['gated recurrent unit', 'simplified', 'update gate', 'reset gate', 'relevance gate', 'nn.GRU', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Size of the hidden state.'),
    form: z.enum(['reset-after', 'relevance-before', 'simplified']).default('reset-after').meta({
      title: 'Form',
      description:
        'reset-after is nn.GRU and cuDNN: the gate acts after the product. relevance-before is the textbook form: the gate acts on the state before the product. simplified has the update gate alone.',
    }),
    recurrentInitializer: recurrentInitializer(),
  }),
  equations: gruEquations,
  subtitle: (config) => `${config.hidden} wide · ${config.form.replace('-', ' ')}`,
  kernel: ({ form }) => ({
    name: `gru-${form}`,
    gates: { 'reset-after': ['r', 'z', 'n'], 'relevance-before': ['r', 'u', 'n'], simplified: ['u', 'n'] }[form],
  }),
  torch: gruTorch,
  onnx: gruOnnx,
  forms: {
    'reset-after': { form: 'reset-after' },
    'relevance-before': { form: 'relevance-before' },
    simplified: { form: 'simplified' },
  },
});
