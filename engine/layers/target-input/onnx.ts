import type { OnnxLayer } from '../onnx.ts';

/** The graph's input `targets [batch, target_time]`, what was said so far, turned to time first. */
export const targetInputOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const name = graph.node('Transpose', node.name, ['targets'], { perm: { ints: [1, 0] } });
    return { tokens: { type: 'tokens', name, time: { symbol: 'U', lengths: 'target_lengths' } } };
  },
};
