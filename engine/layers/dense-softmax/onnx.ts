import { arrived, type OnnxLayer, renamed } from '../onnx.ts';
import { linearNodes } from '../onnx-linear.ts';

/** A linear map and LogSoftmax over classes. */
export const denseSoftmaxOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const sum = linearNodes(node, graph, arrived(node, 'input', 'sequence', 'vector'), `${node.name}/linear`);
    return { result: renamed(sum, graph.node('LogSoftmax', node.name, [sum.name], { axis: { int: -1 } })) };
  },
};
