import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { linearParameters } from '../linear-parameters.ts';
import { known, only } from '../ports.ts';

/** Dense layer and softmax: log-probabilities `log_softmax(x W^T + b)`, per vector or per step. */
export const denseSoftmax = defineLayer({
  kind: 'dense-softmax',
  title: 'Dense softmax',
  family: 'head',
  summary: 'Probabilities of classes: one choice per example, or per step.',
  keywords: ['classifier', 'classes', 'tags', 'cross entropy', 'log_softmax'],
  config: z.strictObject({
    classes: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .meta({ title: 'Classes', description: 'From the data when left empty.' }),
  }),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [],
  shape: (config, _inputs, facts) =>
    config.classes !== null && facts.classes !== null && config.classes !== facts.classes
      ? {
          ok: false,
          message: `this head gives ${config.classes} classes, but the data has ${facts.classes}`,
          fix: 'Clear the field to take it from the data.',
        }
      : { ok: true, outputs: {} },
  subtitle: (config, facts) => {
    const width = config.classes ?? facts.classes;
    return width === null ? 'classes from the data' : `${width} classes`;
  },
  parameters: (config, inputs, facts) =>
    linearParameters(
      known(only(inputs, 'input', 'sequence', 'vector').features, 'input width'),
      known(config.classes ?? facts.classes, 'number of classes'),
    ),
});
