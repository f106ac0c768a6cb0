import type { z } from 'zod';
import { arrived, type OnnxLayer, type OnnxValue } from '../onnx.ts';
import { attentionNodes } from '../onnx-attention.ts';
import { directionsBeside } from '../onnx-directions.ts';
import { runOperators } from '../onnx-stack.ts';
import type { decoder } from './definition.ts';

/** One operator a layer over the previous tokens, then attention at each step: the recurrence does not read what attention found. */
export const decoderOnnx: OnnxLayer<z.output<typeof decoder.config>> = {
  write(node, graph) {
    const { attention } = node.config;
    const { time } = arrived(node, 'sequence', 'sequence');
    const { sequence, states } = runOperators(node, graph, {
      stack: node.config,
      direction: 'forward',
      merge: (steps, name) => directionsBeside(graph, name, steps, 1, 'forward'),
      output: attention === 'none' ? node.name : `${node.name}/every_step`,
      want: { sequence: true, last: false, states: node.wanted.has('state') },
    });
    const outputs: Record<string, OnnxValue> = {};
    if (states.length > 0) outputs['state'] = { type: 'state', parts: states };
    if (attention === 'none') return { ...outputs, output: { type: 'sequence', name: sequence, time } };
    const memory = arrived(node, 'memory', 'sequence');
    const { output, alignment } = attentionNodes(node, graph, attention, sequence, memory);
    return {
      ...outputs,
      output: { type: 'sequence', name: output, time },
      alignment: { type: 'alignment', name: alignment, steps: time.symbol, memory: memory.time.symbol },
    };
  },
};
