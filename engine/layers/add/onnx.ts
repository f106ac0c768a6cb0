import type { OnnxLayer } from '../onnx.ts';
import { mergedInputs } from '../onnx-merge.ts';

/** Element-wise sum: `Add` of two, `Sum` of more. */
export const addOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => ({
    output: mergedInputs(node, (names) => graph.node(names.length === 2 ? 'Add' : 'Sum', node.name, names)),
  }),
};
