import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { only } from '../ports.ts';

/** A picture as one vector, for the layers that read vectors and sequences. */
export const flatten = defineLayer({
  kind: 'flatten',
  title: 'Flatten',
  family: 'shape',
  summary: 'All numbers of a picture side by side; one vector per example, or per frame.',
  keywords: ['image', 'picture', 'vector', 'reshape', 'pool'],
  config: z.strictObject({
    mode: z
      .enum(['all', 'mean'])
      .default('all')
      .meta({ title: 'Keep', description: 'Every number, or the mean over the picture of each feature.' }),
  }),
  inputs: [{ name: 'pictures', label: 'pictures', accepts: ['pictures'] }],
  outputs: [{ name: 'output', label: 'output', types: ['vector', 'sequence'] }],
  shape: (config, inputs) => {
    const { size, time } = only(inputs, 'pictures', 'pictures');
    const places = size === null || config.mode === 'mean' ? 1 : size.height * size.width;
    const features = size === null ? null : places * size.channels;
    return { ok: true, outputs: { output: time === null ? { type: 'vector', features } : { type: 'sequence', features, time } } };
  },
  subtitle: (config) => (config.mode === 'all' ? 'every number' : 'mean per feature'),
  parameters: () => [],
});
