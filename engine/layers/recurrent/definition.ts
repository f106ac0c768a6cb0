import { z } from 'zod';
import { outputWidth, stateType } from '../../shapes/value-type.ts';
import { initialStateProblem } from '../initial-state.ts';
import { defineLayer } from '../layer.ts';
import { backwards, wholeSequence } from '../look-ahead.ts';
import { known, only } from '../ports.ts';
import { stackFields, stackParameters, stackWords, timesLayers } from '../stack.ts';
import { outputMode, outputModeLabel, wrapperOutput } from '../wrapper-output.ts';

/** Unrolls a cell over time in one direction, in one layer or several (row L10); padding steps leave the state as it is. */
export const recurrent = defineLayer({
  kind: 'recurrent',
  title: 'Recurrent',
  family: 'unroll',
  summary: 'Runs the wired cell over the steps, forwards or backwards.',
  keywords: ['unroll', 'rnn', 'lstm', 'gru', 'layer', 'direction', 'deep', 'stacked', 'num_layers', 'residual'],
  config: z.strictObject({
    direction: z
      .enum(['forward', 'backward'])
      .default('forward')
      .meta({ title: 'Direction', description: 'Backward starts at the last real step of each row.' }),
    output: outputMode,
    ...stackFields,
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
    const state = stateType(cell, config.layers);
    const problem = initialStateProblem(inputs, state);
    if (problem !== null) return problem;
    return { ok: true, outputs: { output: wrapperOutput(config.output, outputWidth(cell), sequence), state } };
  },
  notCausal: (config) => (config.direction === 'backward' ? backwards : wholeSequence(config.output)),
  brief: (config, cell) => `${timesLayers(config)}${config.direction === 'backward' ? 'backward ' : ''}${cell}`,
  subtitle: (config) => [...stackWords(config), config.direction, outputModeLabel[config.output]].join(' · '),
  parameters: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = known(only(inputs, 'sequence', 'sequence').features, 'input width');
    return stackParameters(cell, width, outputWidth(cell), config.layers, 1);
  },
});
