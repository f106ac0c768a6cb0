import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { linearParameters } from '../linear-parameters.ts';
import { known, only } from '../ports.ts';

/** Logistic head for two classes: the probability of the second, `sigmoid(x W^T + b)` with one output, per vector or per step. */
export const denseSigmoid = defineLayer({
  kind: 'dense-sigmoid',
  title: 'Dense sigmoid',
  family: 'head',
  summary: 'Probability of yes: two classes, one number.',
  keywords: ['binary', 'logistic', 'two classes', 'log loss'],
  config: z.strictObject({}),
  inputs: [{ name: 'input', label: 'input', accepts: ['sequence', 'vector'] }],
  outputs: [],
  shape: (_config, _inputs, facts) =>
    facts.classes !== null && facts.classes !== 2
      ? {
          ok: false,
          message: `a sigmoid head tells two classes apart, but the data has ${facts.classes}`,
          fix: 'Use Dense softmax.',
        }
      : { ok: true, outputs: {} },
  subtitle: () => 'two classes',
  parameters: (_config, inputs) =>
    linearParameters(known(only(inputs, 'input', 'sequence', 'vector').features, 'input width'), 1),
});
