import { z } from 'zod';
import { formatShape, outputWidth } from '../../shapes/value-type.ts';
import { cellParameters, stateType } from '../cell-parameters.ts';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';
import { outputMode, outputModeLabel, wrapperOutput } from '../wrapper-output.ts';

/** Unrolls a cell over time in one direction; padding steps leave the state as it is. */
export const recurrent = defineLayer({
  kind: 'recurrent',
  title: 'Recurrent',
  family: 'unroll',
  summary: 'Runs the wired cell over the steps, forwards or backwards.',
  keywords: ['unroll', 'rnn', 'lstm', 'gru', 'layer', 'direction'],
  config: z.strictObject({
    direction: z
      .enum(['forward', 'backward'])
      .default('forward')
      .meta({ title: 'Direction', description: 'Backward starts at the last real step of each row.' }),
    output: outputMode,
  }),
  inputs: [
    { name: 'sequence', label: 'sequence', accepts: ['sequence'] },
    { name: 'cell', label: 'cell', accepts: ['cell'] },
    { name: 'initial', label: 'initial state', accepts: ['state'], optional: true },
  ],
  outputs: [
    { name: 'output', label: 'output', types: ['sequence', 'vector'] },
    { name: 'state', label: 'final state', types: ['state'] },
  ],
  shape: (config, inputs) => {
    const sequence = only(inputs, 'sequence', 'sequence');
    const { cell } = only(inputs, 'cell', 'cell');
    const state = stateType(cell, 1);
    if (inputs['initial']?.[0] !== undefined) {
      const [given, needed] = [formatShape(only(inputs, 'initial', 'state')), formatShape(state)];
      if (given !== needed) {
        return {
          ok: false,
          message: `the initial state is ${given}, but this cell needs ${needed}`,
          fix: 'Use the same kind and width of cell on both sides.',
        };
      }
    }
    return { ok: true, outputs: { output: wrapperOutput(config.output, outputWidth(cell), sequence), state } };
  },
  subtitle: (config) => `${config.direction} · ${outputModeLabel[config.output]}`,
  parameters: (_config, inputs) =>
    cellParameters(only(inputs, 'cell', 'cell').cell, known(only(inputs, 'sequence', 'sequence').features, 'input width'), '_l0'),
});
