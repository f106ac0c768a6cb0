import type { OnnxLayer } from '../onnx.ts';

/** The graph's input `tokens [batch, time]`, turned to time first: recurrent operators want it so. */
export const tokenInputOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const name = graph.node('Transpose', node.name, ['tokens'], { perm: { ints: [1, 0] } });
    return { tokens: { type: 'tokens', name, time: { symbol: 'T', lengths: 'lengths' } } };
  },
};
