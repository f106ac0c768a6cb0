import { z } from 'zod';
import { defineLayer } from '../layer.ts';

/**
 * The target's tokens one step late, `<bos>` first (row L12): in training the true ones (teacher forcing), in generation those that
 * the model has said itself. What depends on this node is the part of the graph that generates.
 */
export const targetInput = defineLayer({
  kind: 'target-input',
  title: 'Target tokens',
  family: 'input',
  summary: 'What was said so far: the previous token of the target at each step.',
  keywords: ['decoder', 'teacher forcing', 'previous token', 'bos', 'output', 'generate'],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'tokens', label: 'tokens', types: ['tokens'] }],
  shape: (_config, _inputs, facts) => ({
    ok: true,
    outputs: { tokens: { type: 'tokens', vocabulary: facts.classes, time: 'U' } },
  }),
  subtitle: (_config, facts) =>
    facts.classes === null ? 'no data yet' : `${facts.classes.toLocaleString('en')} in target vocabulary`,
  parameters: () => [],
});
