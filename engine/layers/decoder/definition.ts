import { z } from 'zod';
import { attentionScores } from '../../kernels/attention-score.ts';
import { outputWidth, stateType } from '../../shapes/value-type.ts';
import { attentionParameters, attentionProblem } from '../attention-parameters.ts';
import { initialStateProblem } from '../initial-state.ts';
import { defineLayer } from '../layer.ts';
import { known, only } from '../ports.ts';
import { stackFields, stackParameters, stackWords, timesLayers } from '../stack.ts';

/** Decoder wrapper (row L12): the cell over the target's steps from a given state, with attention over a memory if one is wired. */
export const decoder = defineLayer({
  kind: 'decoder',
  title: 'Decoder',
  family: 'unroll',
  summary: 'Runs the wired cell over the target from an initial state, looking back at a memory.',
  keywords: ['seq2seq', 'encoder-decoder', 'attention', 'bahdanau', 'luong', 'translate', 'generate'],
  config: z.strictObject({
    attention: z
      .enum(['none', ...attentionScores])
      .default('none')
      .meta({
        title: 'Attention',
        description: 'How well a memory step fits the state: their product, a learned product, or a small network of both.',
      }),
    attentionWidth: z
      .number()
      .int()
      .min(1)
      .max(4096)
      .default(64)
      .meta({ title: 'Attention width', description: 'Hidden units of additive attention; other kinds do not use it.' }),
    ...stackFields,
  }),
  inputs: [
    { name: 'sequence', label: 'previous tokens', accepts: ['sequence'] },
    { name: 'cell', label: 'cell', accepts: ['cell'] },
    // As an encoder has them: what it gives at every step above its last state, so that wires between the two need not cross.
    { name: 'memory', label: 'memory', accepts: ['sequence'], optional: true, whole: true },
    { name: 'initial', label: 'initial state', accepts: ['state'], optional: true },
  ],
  outputs: [
    { name: 'output', label: 'output', types: ['sequence'] },
    { name: 'state', label: 'final state', types: ['state'] },
  ],
  shape: (config, inputs) => {
    const sequence = only(inputs, 'sequence', 'sequence');
    const { cell } = only(inputs, 'cell', 'cell');
    const state = stateType(cell, config.layers);
    const features = outputWidth(cell);
    const problem = initialStateProblem(inputs, state) ?? attentionProblem(config.attention, features, inputs);
    if (problem !== null) return problem;
    return { ok: true, outputs: { output: { type: 'sequence', features, time: sequence.time }, state } };
  },
  brief: (config, cell) =>
    `${timesLayers(config)}${cell}${config.attention === 'none' ? '' : ` with ${config.attention} attention`}`,
  subtitle: (config) =>
    [...stackWords(config), config.attention === 'none' ? 'no attention' : `${config.attention} attention`].join(' · '),
  parameters: (config, inputs) => {
    const { cell } = only(inputs, 'cell', 'cell');
    const width = known(only(inputs, 'sequence', 'sequence').features, 'input width');
    const own = stackParameters(cell, width, outputWidth(cell), config.layers, 1);
    if (config.attention === 'none') return own;
    // The port is optional: without attention nothing needs it.
    const [memory] = inputs['memory'] ?? [];
    const memoryWidth = known(memory?.type === 'sequence' ? memory.features : null, 'width of the memory');
    return [...own, ...attentionParameters(config.attention, outputWidth(cell), memoryWidth, config.attentionWidth)];
  },
});
