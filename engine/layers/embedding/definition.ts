import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';

/** Embedding (row L2), `torch.nn.Embedding(V, D, padding_idx=0)`: weight `[V, D]`, start N(0, 1), the padding row stays zero. */
export const embedding = defineLayer({
  kind: 'embedding',
  title: 'Embedding',
  family: 'represent',
  summary: 'Each token as a vector that is learned.',
  keywords: ['word vectors', 'lookup', 'dense vector', 'nn.Embedding'],
  config: z.strictObject({
    width: z.number().int().min(1).max(8192).default(64).meta({ title: 'Width', description: 'Numbers per token.' }),
    frozen: z
      .boolean()
      .default(false)
      .meta({ title: 'Frozen', description: 'Keep the vectors as they start: they are not trained.' }),
    vectors: z
      .string()
      .max(4096)
      .default('')
      .meta({
        title: 'Word vectors',
        description: 'Text file (GloVe, fastText, word2vec) whose vectors a run starts from; empty: random.',
        fileEndings: ['txt', 'vec', 'gz'],
      }),
  }),
  inputs: [{ name: 'tokens', label: 'tokens', accepts: ['tokens'] }],
  outputs: [{ name: 'sequence', label: 'sequence', types: ['sequence'] }],
  shape: (config, inputs) => ({
    ok: true,
    outputs: { sequence: { type: 'sequence', features: config.width, time: only(inputs, 'tokens', 'tokens').time } },
  }),
  subtitle: (config) =>
    `${config.width} wide${config.vectors === '' ? '' : ' · word vectors'}${config.frozen ? ' · frozen' : ''}`,
  parameters: (config, inputs) => [
    {
      name: 'weight',
      shape: [known(only(inputs, 'tokens', 'tokens').vocabulary, 'vocabulary'), config.width],
      initializer: { kind: 'normal', deviation: 1 },
      decay: true,
      trainable: !config.frozen,
      zeroRow: 0,
    },
  ],
});
