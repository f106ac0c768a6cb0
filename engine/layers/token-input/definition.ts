import { z } from 'zod';
import { defineLayer } from '../layer.ts';

/** Token ids from the attached text (rows L2–L4). */
export const tokenInput = defineLayer({
  kind: 'token-input',
  title: 'Tokens',
  family: 'input',
  summary: 'Words or characters of your text, as ids of the vocabulary.',
  keywords: ['text', 'words', 'characters', 'vocabulary', 'input'],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'tokens', label: 'tokens', types: ['tokens'] }],
  shape: (_config, _inputs, facts) => ({
    ok: true,
    outputs: { tokens: { type: 'tokens', vocabulary: facts.vocabulary, time: 'T' } },
  }),
  subtitle: (_config, facts) =>
    facts.vocabulary === null ? 'no data yet' : `${facts.vocabulary.toLocaleString('en')} in vocabulary`,
  parameters: () => [],
});
