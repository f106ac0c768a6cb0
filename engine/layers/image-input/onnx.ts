import type { OnnxLayer } from '../onnx.ts';
import { picturesOnnx } from '../onnx-pictures.ts';

/** The one step of the graph's input `series [batch, time, h·w·c]` as pictures. */
export const imageInputOnnx: OnnxLayer<unknown> = {
  write: (node, graph) => {
    const first = graph.integer(`${node.name}/first_step`, 0);
    const numbers = graph.node('Gather', `${node.name}/step`, ['series', first], { axis: { int: 1 } });
    return { image: { type: 'pictures', name: picturesOnnx(node, graph, 'image', numbers), time: null } };
  },
};
