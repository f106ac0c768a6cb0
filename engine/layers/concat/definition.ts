import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { mergeable } from '../mergeable.ts';

/** Joins features side by side, in wire order. */
export const concat = defineLayer({
  kind: 'concat',
  title: 'Concat',
  family: 'shape',
  summary: 'Puts features side by side.',
  keywords: ['join', 'merge', 'torch.cat', 'skip connection'],
  config: z.strictObject({}),
  inputs: [{ name: 'inputs', label: 'inputs', accepts: ['sequence', 'vector'], many: true }],
  outputs: [{ name: 'output', label: 'output', types: ['sequence', 'vector'] }],
  shape: (_config, inputs) => {
    const merged = mergeable(inputs['inputs'] ?? []);
    if (!merged.ok) return merged;
    const widths = merged.values.map((v) => v.features);
    const features = widths.some((w) => w === null) ? null : widths.reduce<number>((sum, w) => sum + (w ?? 0), 0);
    return { ok: true, outputs: { output: { ...merged.first, features } } };
  },
  subtitle: () => 'side by side',
  parameters: () => [],
});
