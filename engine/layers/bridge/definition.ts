import { z } from 'zod';
import type { ParameterSpec } from '../../shapes/parameter.ts';
import { stateType, type ValueType } from '../../shapes/value-type.ts';
import { defineLayer } from '../layer.ts';
import { linearParameters } from '../linear-parameters.ts';
import { known, only } from '../ports.ts';

/** From any state, or any vector, to the initial state that another cell needs (row L12): one dense layer per part. */
export const bridge = defineLayer({
  kind: 'bridge',
  title: 'Bridge',
  family: 'unroll',
  summary: 'Turns a state or a vector into the initial state that the wired cell needs.',
  keywords: ['encoder', 'decoder', 'initial state', 'bidirectional', 'project', 'adapter'],
  config: z.strictObject({
    activation: z
      .enum(['tanh', 'identity'])
      .default('tanh')
      .meta({ title: 'Activation', description: 'Applied to the new state; tanh keeps it where a cell keeps its own.' }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(8)
      .default(1)
      .meta({ title: 'Layers', description: 'Of the stack that starts from the new state: each gets a state of its own.' }),
  }),
  inputs: [
    { name: 'from', label: 'state or vector', accepts: ['state', 'vector'] },
    { name: 'cell', label: 'cell', accepts: ['cell'] },
  ],
  outputs: [{ name: 'state', label: 'initial state', types: ['state'] }],
  shape: (config, inputs) => ({
    ok: true,
    outputs: { state: stateType(only(inputs, 'cell', 'cell').cell, config.layers) },
  }),
  subtitle: (config) => [...(config.layers > 1 ? [`${config.layers} layers`] : []), config.activation].join(' · '),
  parameters: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = bridgedWidth(only(inputs, 'from', 'state', 'vector'));
    return cell.states.flatMap((part): readonly ParameterSpec[] =>
      linearParameters(width, config.layers * part.width).map((spec) => ({ ...spec, name: `${part.name}.${spec.name}` })),
    );
  },
});

/** Numbers per example that come over the bridge: all layers and parts of a state side by side. */
export function bridgedWidth(from: Extract<ValueType, { type: 'state' | 'vector' }>): number {
  if (from.type === 'vector') return known(from.features, 'width of the vector');
  return from.layers * from.parts.reduce((sum, part) => sum + part.width, 0);
}
