import { arrived, type OnnxLayer, renamed } from '../onnx.ts';
import { linearNodes } from '../onnx-linear.ts';

/** A linear map and Sigmoid: the probability of the second class, on an axis of width 1. */
export const denseSigmoidOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const sum = linearNodes(node, graph, arrived(node, 'input', 'sequence', 'vector'), `${node.name}/linear`);
    return { result: renamed(sum, graph.node('Sigmoid', node.name, [sum.name])) };
  },
};
