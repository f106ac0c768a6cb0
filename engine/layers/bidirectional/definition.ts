import { z } from 'zod';
import { outputWidth } from '../../shapes/value-type.ts';
import { cellParameters, stateType } from '../cell-parameters.ts';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';
import { outputMode, outputModeLabel, wrapperOutput } from '../wrapper-output.ts';

/** Bidirectional wrapper (row L9): the cell once forwards and once backwards with weights of its own, merged step by step. */
export const bidirectional = defineLayer({
  kind: 'bidirectional',
  title: 'Bidirectional',
  family: 'unroll',
  summary: 'Runs the wired cell in both directions and merges the two.',
  keywords: ['bilstm', 'both directions', 'backward', 'merge'],
  config: z.strictObject({
    merge: z
      .enum(['concat', 'sum', 'mean', 'product'])
      .default('concat')
      .meta({ title: 'Merge', description: 'How the two directions become one.' }),
    output: outputMode,
  }),
  inputs: [
    { name: 'sequence', label: 'sequence', accepts: ['sequence'] },
    { name: 'cell', label: 'cell', accepts: ['cell'] },
  ],
  outputs: [
    { name: 'output', label: 'output', types: ['sequence', 'vector'] },
    { name: 'state', label: 'final state', types: ['state'] },
  ],
  shape: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const features = outputWidth(cell) * (config.merge === 'concat' ? 2 : 1);
    const output = wrapperOutput(config.output, features, only(inputs, 'sequence', 'sequence'));
    return { ok: true, outputs: { output, state: stateType(cell, 2) } };
  },
  subtitle: (config) => `${config.merge} · ${outputModeLabel[config.output]}`,
  parameters: (_config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = known(only(inputs, 'sequence', 'sequence').features, 'input width');
    return [...cellParameters(cell, width, '_l0'), ...cellParameters(cell, width, '_l0_reverse')];
  },
});
