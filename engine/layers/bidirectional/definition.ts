import { z } from 'zod';
import { type CellDescription, outputWidth, stateType } from '../../shapes/value-type.ts';
import { defineLayer } from '../layer.ts';
import { bothWays } from '../look-ahead.ts';
import { known, only } from '../ports.ts';
import { addsInputs, stackFields, stackParameters, stackWords, timesLayers } from '../stack.ts';
import { outputMode, outputModeLabel, wrapperOutput } from '../wrapper-output.ts';

/** Bidirectional wrapper (row L9): the cell once forwards and once backwards with weights of its own, merged step by step. */
export const bidirectional = defineLayer({
  kind: 'bidirectional',
  title: 'Bidirectional',
  family: 'unroll',
  summary: 'Runs the wired cell in both directions and merges the two.',
  keywords: ['bilstm', 'both directions', 'backward', 'merge', 'deep', 'stacked', 'num_layers', 'residual'],
  config: z.strictObject({
    merge: z
      .enum(['concat', 'sum', 'mean', 'product'])
      .default('concat')
      .meta({ title: 'Merge', description: 'How the two directions become one.' }),
    output: outputMode,
    ...stackFields,
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
    if (addsInputs(config) && config.output === 'last' && config.merge !== 'concat') {
      return {
        ok: false,
        message: `with residual connections and merge “${config.merge}” there is no last step: the two directions end at different ones, and the input that was added belongs to both`,
        fix: 'Set Merge to concat, or Output to every step, mean or max.',
      };
    }
    const output = wrapperOutput(config.output, mergedWidth(config.merge, cell), only(inputs, 'sequence', 'sequence'));
    return { ok: true, outputs: { output, state: stateType(cell, 2 * config.layers) } };
  },
  notCausal: () => bothWays,
  brief: (config, cell) => `${timesLayers(config)}Bi${cell}`,
  subtitle: (config) => [...stackWords(config), config.merge, outputModeLabel[config.output]].join(' · '),
  parameters: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = known(only(inputs, 'sequence', 'sequence').features, 'input width');
    return stackParameters(cell, width, mergedWidth(config.merge, cell), config.layers, 2);
  },
});

const mergedWidth = (merge: string, cell: CellDescription): number => outputWidth(cell) * (merge === 'concat' ? 2 : 1);
