import { arrived, type OnnxLayer } from '../onnx.ts';
import { known, only } from '../ports.ts';

/** OneHot: zeros and a one at the token's id. */
export const oneHotOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const { name: tokens, time } = arrived(node, 'tokens', 'tokens');
    const width = known(only(node.inputTypes, 'tokens', 'tokens').vocabulary, 'vocabulary');
    const inputs = [
      tokens,
      graph.integer(`${node.name}/width`, width),
      graph.weight(`${node.name}/off_on`, [2], Float32Array.of(0, 1)),
    ];
    return { sequence: { type: 'sequence', name: graph.node('OneHot', node.name, inputs, { axis: { int: -1 } }), time } };
  },
};
