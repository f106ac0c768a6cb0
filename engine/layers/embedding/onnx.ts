import { arrived, type OnnxLayer } from '../onnx.ts';

/** Gather: rows of the table by token id. */
export const embeddingOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const { name: tokens, time } = arrived(node, 'tokens', 'tokens');
    const { shape, data } = node.tensor('weight');
    const table = graph.weight(`${node.name}.weight`, shape, Float32Array.from(data));
    return { sequence: { type: 'sequence', name: graph.node('Gather', node.name, [table, tokens], { axis: { int: 0 } }), time } };
  },
};
