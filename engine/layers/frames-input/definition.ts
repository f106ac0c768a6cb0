import { z } from 'zod';
import { defineLayer } from '../layer.ts';
import { pictureWords } from '../picture-words.ts';

/** A picture at each time step: a video. */
export const framesInput = defineLayer({
  kind: 'frames-input',
  title: 'Frames',
  family: 'input',
  summary: 'A picture at each step: a video, resized and normalized.',
  keywords: ['video', 'pictures', 'images', 'activity', 'input'],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'frames', label: 'frames', types: ['pictures'] }],
  shape: (_config, _inputs, facts) => ({
    ok: true,
    outputs: { frames: { type: 'pictures', size: facts.image ?? null, time: 'T' } },
  }),
  subtitle: (_config, facts) => pictureWords(facts),
  parameters: () => [],
});
