import { z } from 'zod';
import { cellParameters } from '../../cells/parameters.ts';
import type { ParameterSpec } from '../../shapes/parameter.ts';
import { type CellDescription, outputWidth, stateType } from '../../shapes/value-type.ts';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';
import { layerSuffix, timesLayers } from '../stack.ts';
import { outputMode, outputModeLabel, wrapperOutput } from '../wrapper-output.ts';

/**
 * Pyramid wrapper (row L11): before each layer, k neighbouring steps become one, so that time shrinks by k a layer (the listener of
 * Chan et al. 2016, “Listen, Attend and Spell”).
 */
export const pyramid = defineLayer({
  kind: 'pyramid',
  title: 'Pyramid',
  family: 'unroll',
  summary: 'Joins neighbouring steps before each layer, so that long sequences get short.',
  keywords: ['speech', 'audio', 'shorten', 'subsample', 'listen attend spell', 'pblstm', 'hierarchical'],
  config: z.strictObject({
    layers: z
      .number()
      .int()
      .min(1)
      .max(6)
      .default(2)
      .meta({ title: 'Layers', description: 'Each joins steps once more, and has weights of its own.' }),
    join: z
      .number()
      .int()
      .min(2)
      .max(8)
      .default(2)
      .meta({ title: 'Join', description: 'Neighbouring steps that become one; the last may hold fewer, the rest of it is 0.' }),
    directions: z
      .enum(['both', 'forward'])
      .default('both')
      .meta({ title: 'Directions', description: 'Both reads each layer forwards and backwards, side by side.' }),
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
    const sequence = only(inputs, 'sequence', 'sequence');
    const shorter = { ...sequence, time: `${sequence.time}/${config.join ** config.layers}` };
    const output = wrapperOutput(config.output, layerWidth(config, cell), shorter);
    return { ok: true, outputs: { output, state: stateType(cell, directionCount(config)) } };
  },
  notCausal: () => ({
    message: 'this layer joins steps of a sequence that is still being said',
    fix: 'Use Recurrent in the part that generates; the encoder may be a pyramid.',
  }),
  brief: (config, cell) => `${timesLayers(config)}pyramid ${cell}`,
  subtitle: (config) => `${config.layers} × ${config.join} steps · ${outputModeLabel[config.output]}`,
  parameters: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = known(only(inputs, 'sequence', 'sequence').features, 'input width');
    return Array.from({ length: config.layers }, (_unused, layer): readonly ParameterSpec[] => {
      const input = config.join * (layer === 0 ? width : layerWidth(config, cell));
      const ahead = cellParameters(cell, input, layerSuffix(layer, false));
      return config.directions === 'both' ? [...ahead, ...cellParameters(cell, input, layerSuffix(layer, true))] : ahead;
    }).flat();
  },
});

interface Directions {
  readonly directions: 'both' | 'forward';
}

const directionCount = ({ directions }: Directions): 1 | 2 => (directions === 'both' ? 2 : 1);

const layerWidth = (config: Directions, cell: CellDescription): number => directionCount(config) * outputWidth(cell);
