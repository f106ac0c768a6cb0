import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';

/** Layer normalization over the feature axis, `torch.nn.LayerNorm(F)`. */
export const layerNorm = defineLayer({
  kind: 'layer-norm',
  title: 'Layer norm',
  family: 'shape',
  summary: 'Centres and scales the features of each step.',
  keywords: ['normalization', 'nn.LayerNorm'],
  config: z.strictObject({
    epsilon: z.number().min(1e-12).max(0.1).default(1e-5).meta({ title: 'Epsilon', description: 'Added to the variance.' }),
  }),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [{ name: 'output', label: 'output', types: ['sequence', 'vector'] }],
  shape: (_config, inputs) => ({ ok: true, outputs: { output: only(inputs, 'input', 'sequence', 'vector') } }),
  subtitle: () => 'over features',
  parameters: (_config, inputs) => {
    const features = known(only(inputs, 'input', 'sequence', 'vector').features, 'input width');
    return [
      { name: 'weight', shape: [features], initializer: { kind: 'ones' }, decay: false, trainable: true },
      { name: 'bias', shape: [features], initializer: { kind: 'zeros' }, decay: false, trainable: true },
    ];
  },
});
