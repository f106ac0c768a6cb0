import { z } from 'zod';
import { defineLayer } from '../layer.ts';

/** Numeric sequence, one vector of measurements per step, normalized with the training split's mean and deviation. */
export const seriesInput = defineLayer({
  kind: 'series-input',
  title: 'Numeric series',
  family: 'input',
  summary: 'Numbers that change over time, one row per step.',
  keywords: ['time series', 'numbers', 'sensor', 'forecast', 'input'],
  config: z.strictObject({}),
  inputs: [],
  outputs: [{ name: 'sequence', label: 'series', types: ['sequence'] }],
  shape: (_config, _inputs, facts) => ({
    ok: true,
    outputs: { sequence: { type: 'sequence', features: facts.features, time: 'T' } },
  }),
  subtitle: (_config, facts) => (facts.features === null ? 'no data yet' : `${facts.features} per step`),
  parameters: () => [],
});
