import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { pictureWords } from '../picture-words.ts';

/** One picture per example, resized and normalized as the Data panel says (row L13). */
export const imageInput = defineLayer({
  kind: 'image-input',
  title: 'Image',
  family: 'input',
  summary: 'A picture per example, resized and normalized.',
  keywords: ['picture', 'photo', 'png', 'jpeg', 'caption', 'one to many', 'input'],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'image', label: 'image', types: ['pictures'] }],
  shape: (_config, _inputs, facts) => ({
    ok: true,
    outputs: { image: { type: 'pictures', size: facts.image ?? null, time: null } },
  }),
  subtitle: (_config, facts) => pictureWords(facts),
  parameters: () => [],
});
