import type { OnnxLayer } from '../onnx.ts';

/** The graph's input `series [batch, time, F]`, turned to time first: recurrent operators want it so. */
export const seriesInputOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const name = graph.node('Transpose', node.name, ['series'], { perm: { ints: [1, 0, 2] } });
    return { sequence: { type: 'sequence', name, time: { symbol: 'T', lengths: 'lengths' } } };
  },
};
