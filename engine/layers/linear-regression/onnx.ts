import { arrived, type OnnxLayer } from '../onnx.ts';
import { linearNodes } from '../onnx-linear.ts';

/** A linear map: numbers in normalized units. */
export const linearRegressionOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => ({
    result: linearNodes(node, graph, arrived(node, 'input', 'sequence', 'vector'), node.name),
  }),
};
