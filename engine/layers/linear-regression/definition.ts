import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { linearParameters } from '../linear-parameters.ts';
import { known, only } from '../ports.ts';

/** Linear regression head: `x W^T + b`, in normalized units of the targets. */
export const linearRegression = defineLayer({
  kind: 'linear-regression',
  title: 'Regression',
  family: 'head',
  summary: 'Numbers: a linear map and no activation.',
  keywords: ['number', 'forecast', 'mse', 'linear'],
  config: z.strictObject({
    targets: z
      .number()
      .int()
      .min(1)
      .max(1_000_000)
      .nullable()
      .default(null)
      .meta({ title: 'Targets', description: 'From the data when left empty.' }),
  }),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [],
  shape: (config, _inputs, facts) =>
    config.targets !== null && facts.targets !== null && config.targets !== facts.targets
      ? {
          ok: false,
          message: `this head gives ${config.targets} targets, but the data has ${facts.targets}`,
          fix: 'Clear the field to take it from the data.',
        }
      : { ok: true, outputs: {} },
  subtitle: (config, facts) => {
    const width = config.targets ?? facts.targets;
    return width === null ? 'targets from the data' : `${width} targets`;
  },
  parameters: (config, inputs, facts) =>
    linearParameters(
      known(only(inputs, 'input', 'sequence', 'vector').features, 'input width'),
      known(config.targets ?? facts.targets, 'number of targets'),
    ),
});
