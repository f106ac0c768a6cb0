import { z } from 'zod';
import { defineCell } from '../cell.ts';
import { cellWidth } from '../cell-width.ts';
import { recurrentInitializer } from '../recurrent-initializer.ts';
import { lstmEquations } from './equations.ts';
import { lstmOnnx } from './onnx.ts';
import { lstmTorch } from './torch.ts';

/** Long short-term memory (row L8): gates i, f, g, o in PyTorch's order; the cell state's path is only scaled by f. */
export const lstmCell = defineCell({
  kind: 'lstm-cell',
  title: 'LSTM cell',
  word: 'LSTM',
  summary: 'Three gates and a cell state that gradients pass through almost unchanged.',
  keywords: ['long short-term memory', 'forget gate', 'peephole', 'coupled', 'projection', 'LSTMP', 'nn.LSTM', 'recurrent'],
  config: z.strictObject({
    hidden: cellWidth('Size of the hidden and of the cell state.'),
    forgetBias: z.number().min(-10).max(10).default(1).meta({
      title: 'Forget bias',
      description: 'Start of the forget gate’s bias: above 0 the cell remembers from the first step.',
    }),
    peepholes: z.boolean().default(false).meta({
      title: 'Peepholes',
      description: 'The gates see the cell state too, each unit its own: for counting and precise timing.',
    }),
    coupled: z.boolean().default(false).meta({
      title: 'Coupled gates',
      description: 'Input gate i = 1 − f: a unit writes as much as it forgets. A quarter fewer weights.',
    }),
    projection: z.number().int().min(0).max(8191).default(0).meta({
      title: 'Projection',
      description: 'Width of h after a linear map, below the width of the cell state: nn.LSTM’s proj_size. 0 is none.',
    }),
    recurrentInitializer: recurrentInitializer(),
  }),
  equations: lstmEquations,
  refuse: ({ projection, hidden }) =>
    projection < hidden
      ? null
      : {
          message: `the projection makes h ${projection} wide, but it must be narrower than the cell state, ${hidden}`,
          fix: 'Lower Projection, or set it to 0 for none.',
        },
  subtitle: (config) =>
    [
      config.projection > 0 ? `${config.hidden} → ${config.projection} wide` : `${config.hidden} wide`,
      ...(config.peepholes ? ['peepholes'] : []),
      ...(config.coupled ? ['coupled'] : []),
    ].join(' · '),
  kernel: ({ peepholes, coupled, projection }) => ({
    name: [
      'lstm',
      ...(coupled ? ['coupled'] : []),
      ...(peepholes ? ['peepholes'] : []),
      ...(projection > 0 ? ['projected'] : []),
    ].join('-'),
    gates: coupled ? ['f', 'g', 'o'] : ['i', 'f', 'g', 'o'],
  }),
  torch: lstmTorch,
  onnx: lstmOnnx,
  forms: {
    plain: {},
    projected: { projection: 2 },
    peepholes: { peepholes: true },
    'projected, peepholes': { peepholes: true, projection: 2 },
    coupled: { coupled: true },
    'projected, coupled': { coupled: true, projection: 2 },
    'peepholes, coupled': { coupled: true, peepholes: true },
    'projected, peepholes, coupled': { projection: 2, peepholes: true, coupled: true },
  },
});
