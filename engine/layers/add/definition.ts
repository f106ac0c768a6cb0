import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { mergeable } from '../mergeable.ts';

/** Element-wise sum of equal widths (residual connections). */
export const add = defineLayer({
  kind: 'add',
  title: 'Add',
  family: 'shape',
  summary: 'Adds features of equal width, as in a residual connection.',
  keywords: ['sum', 'residual', 'skip connection'],
  config: z.strictObject({}),
  inputs: [{ name: 'inputs', label: 'inputs', accepts: ['sequence', 'vector'], many: true }],
  outputs: [{ name: 'output', label: 'output', types: ['sequence', 'vector'] }],
  shape: (_config, inputs) => {
    const merged = mergeable(inputs['inputs'] ?? []);
    if (!merged.ok) return merged;
    const widths = new Set(merged.values.map((v) => v.features).filter((w) => w !== null));
    if (widths.size > 1) {
      return {
        ok: false,
        message: `widths differ: ${[...widths].join(' and ')}`,
        fix: 'Give the layers before it the same width, or use Concat.',
      };
    }
    return { ok: true, outputs: { output: { ...merged.first, features: [...widths][0] ?? null } } };
  },
  subtitle: () => 'element-wise',
  parameters: () => [],
});
