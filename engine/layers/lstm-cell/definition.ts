import { z } from 'zod';
import { stockLatex } from '../../cells/stock-equations.ts';
import { cellWidth } from '../cell-width.ts';
import { defineLayer } from '../layer.ts';

/** Long short-term memory (row L8): gates i, f, g, o in PyTorch's order; the cell state's path is only scaled by f. */
export const lstmCell = defineLayer({
  kind: 'lstm-cell',
  title: 'LSTM cell',
  family: 'cell',
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
      description: 'Input gate i = 1 - f: a unit writes as much as it forgets. A quarter fewer weights.',
    }),
    projection: z.number().int().min(0).max(8191).default(0).meta({
      title: 'Projection',
      description: 'Width of h after a linear map, below the width of the cell state: nn.LSTM’s proj_size. 0 is none.',
    }),
  }),
  inputs: [],
  outputs: [{ name: 'cell', label: 'cell', types: ['cell'] }],
  shape: (config) =>
    config.projection < config.hidden
      ? { ok: true, outputs: { cell: { type: 'cell', cell: { kind: 'lstm-cell', ...config } } } }
      : {
          ok: false,
          message: `the projection makes h ${config.projection} wide, but it must be narrower than the cell state, ${config.hidden}`,
          fix: 'Lower Projection, or set it to 0 for none.',
        },
  brief: (config) => `LSTM ${config.hidden}`,
  subtitle: (config) =>
    [
      config.projection > 0 ? `${config.hidden} → ${config.projection} wide` : `${config.hidden} wide`,
      ...(config.peepholes ? ['peepholes'] : []),
      ...(config.coupled ? ['coupled'] : []),
    ].join(' · '),
  latex: (config) => stockLatex({ kind: 'lstm-cell', ...config }),
  parameters: () => [],
});
