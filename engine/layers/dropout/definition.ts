import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { only } from '../ports.ts';

/** Inverted dropout, `torch.nn.Dropout`: in training each number is zeroed with probability p and the rest scaled by 1/(1-p). */
export const dropout = defineLayer({
  kind: 'dropout',
  title: 'Dropout',
  family: 'shape',
  summary: 'Zeroes random features while training, against overfitting.',
  keywords: ['regularization', 'overfitting', 'nn.Dropout'],
  config: z.strictObject({
    rate: z
      .number()
      .min(0)
      .max(0.95)
      .default(0.3)
      .meta({ title: 'Rate', description: 'Share of features zeroed in training; nothing happens in prediction.' }),
  }),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [{ name: 'output', label: 'output', types: ['sequence', 'vector'] }],
  shape: (_config, inputs) => ({ ok: true, outputs: { output: only(inputs, 'input', 'sequence', 'vector') } }),
  subtitle: (config) => `${Math.round(config.rate * 100)} %`,
  parameters: () => [],
});
