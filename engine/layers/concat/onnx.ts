import type { OnnxLayer } from '../onnx.ts';
import { mergedInputs } from '../onnx-merge.ts';

/** Concat on the last axis, in wire order. */
export const concatOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => ({
    output: mergedInputs(node, (names) => graph.node('Concat', node.name, names, { axis: { int: -1 } })),
  }),
};
