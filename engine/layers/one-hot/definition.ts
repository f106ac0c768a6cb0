import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { only } from '../ports.ts';

/** One-hot encoding (row L1): token id v becomes a vector of V zeros with a one at v. No parameters. */
export const oneHot = defineLayer({
  kind: 'one-hot',
  title: 'One-hot',
  family: 'represent',
  summary: 'Each token as a vector of zeros with a single one, as wide as the vocabulary.',
  keywords: ['encoding', 'indicator', 'sparse'],
  config: z.strictObject({}),
  inputs: [{ name: 'tokens', label: 'tokens', accepts: ['tokens'] }],
  outputs: [{ name: 'sequence', label: 'sequence', types: ['sequence'] }],
  shape: (_config, inputs) => {
    const tokens = only(inputs, 'tokens', 'tokens');
    return { ok: true, outputs: { sequence: { type: 'sequence', features: tokens.vocabulary, time: tokens.time } } };
  },
  subtitle: (_config, facts) => (facts.vocabulary === null ? 'as wide as the vocabulary' : `${facts.vocabulary} wide`),
  parameters: () => [],
});
