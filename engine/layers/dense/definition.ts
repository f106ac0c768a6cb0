import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { linearParameters } from '../linear-parameters.ts';
import { known, only } from '../ports.ts';

/** Dense layer, `g(x W^T + b)` on each step or vector. */
export const dense = defineLayer({
  kind: 'dense',
  title: 'Dense',
  family: 'shape',
  summary: 'A linear map and an activation, on a vector or on each step alike.',
  keywords: ['linear', 'fully connected', 'nn.Linear', 'time distributed'],
  config: z.strictObject({
    units: z.number().int().min(1).max(65_536).default(64).meta({ title: 'Width', description: 'Numbers that come out.' }),
    activation: z
      .enum(['identity', 'relu', 'tanh', 'sigmoid'])
      .default('relu')
      .meta({ title: 'Activation', description: 'Applied to each number.' }),
  }),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [{ name: 'output', label: 'output', types: ['sequence', 'vector'] }],
  shape: (config, inputs) => ({
    ok: true,
    outputs: { output: { ...only(inputs, 'input', 'sequence', 'vector'), features: config.units } },
  }),
  subtitle: (config) => `${config.units} wide · ${config.activation}`,
  parameters: (config, inputs) =>
    linearParameters(known(only(inputs, 'input', 'sequence', 'vector').features, 'input width'), config.units),
});
